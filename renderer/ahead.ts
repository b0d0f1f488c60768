import { describeParams } from "../src/layers/describe.ts";
import { registry } from "../src/layers/registry.ts";
import { loadAhead, prefetch } from "./ui/late.tsx";

/** What the page gets ready while nobody waits for it: dialogs, libraries, the forms of all layers. */
export function getReady(): void {
  prefetch(async () => {
    await import("./inspector/katex.ts");
    // A font that arrives has all text on the page laid out again: better now than under a large graph.
    await Promise.all(["1em KaTeX_Main", "italic 1em KaTeX_Math"].map((font) => document.fonts.load(font)));
  });
  for (const layer of registry.values()) prefetch(async () => describeParams(layer));
  prefetch(() => import("uplot"));
  prefetch(() => import("@dagrejs/dagre"));
  loadAhead();
}
