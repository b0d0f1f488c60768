import { useState } from "react";
import { changeGraph, changeNode } from "../../src/document/edits.ts";
import type { GraphNode } from "../../src/document/schema.ts";
import { type NodeInfo, nodeTitle } from "../editor/node-info.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { focusCanvas } from "./controller.ts";
import { setCanvas } from "./store.ts";

/** The title as a text field. Empty, or the layer's own title: the node bears its layer's title again. */
export function NodeRename({ node, info }: { node: GraphNode; info: NodeInfo }) {
  const [text, setText] = useState(nodeTitle(node, info));
  const end = (keep: boolean) => {
    setCanvas({ renaming: undefined });
    focusCanvas();
    if (keep && text.trim() !== nodeTitle(node, info)) relabel(node.id, text.trim() === info.title ? "" : text.trim());
  };
  return (
    <input
      className="node-rename nodrag"
      aria-label={`Name of ${node.id}`}
      value={text}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") end(true);
        if (event.key === "Escape") end(false);
      }}
    />
  );
}

/** Sets what a person calls a node; the empty text takes the name away. */
export function relabel(id: string, label: string, merge?: string): void {
  const state = useDocument.getState();
  state.edit(
    `Rename ${id}`,
    (document) =>
      changeGraph(document, openGraph(state), (graph) =>
        changeNode(graph, id, (node) => {
          const { label: _, ...rest } = node;
          return label === "" ? rest : { ...node, label };
        }),
      ),
    merge === undefined ? undefined : { merge },
  );
}
