import type { GraphNode } from "../../src/document/schema.ts";
import { useData } from "../data/library.ts";
import { openDialog } from "../stores/interface.ts";
import { Button } from "../ui/index.ts";

/** Below a data-set node of a text: how byte pairs come about, merge by merge, on that text. */
export function TextTokens({ node }: { node: GraphNode }) {
  const name = node.type === "dataset" && typeof node.params?.name === "string" ? node.params.name : undefined;
  const isText = useData((state) => state.entries.some(({ info }) => info.name === name && info.uses?.includes("tokens")));
  if (name === undefined || !isText) return null;
  return (
    <div className="inspector-buttons">
      <Button onClick={() => openDialog({ kind: "tokens", data: name })}>Byte pairs, merge by merge…</Button>
    </div>
  );
}
