import { describeParams } from "../src/layers/describe.ts";
import { registry } from "../src/layers/registry.ts";
import { loadAhead, prefetch } from "./ui/late.tsx";

/** What the page gets ready while nobody waits for it: dialogs, libraries, the forms of all layers. */
export function getReady(): void {
  prefetch(() => import("./inspector/katex.ts"));
  for (const layer of registry.values()) prefetch(async () => describeParams(layer));
  prefetch(() => import("uplot"));
  prefetch(() => import("@dagrejs/dagre"));
  loadAhead();
}
