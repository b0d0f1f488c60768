import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useDocument } from "../stores/document.ts";
import type { CanvasNode } from "./use-flow.ts";

/** What the pointer selects goes to the store, which alone says what is selected. */

export function selectNodes(changes: readonly NodeChange<CanvasNode>[]): void {
  const { selection, select } = useDocument.getState();
  const next = apply(selection.nodes, changes);
  if (next) select(next, selection.edges);
}

export function selectEdges(changes: readonly EdgeChange[]): void {
  const { selection, select } = useDocument.getState();
  const next = apply(selection.edges, changes);
  if (next) select(selection.nodes, next);
}

function apply(now: readonly string[], changes: readonly (NodeChange<CanvasNode> | EdgeChange)[]): readonly string[] | undefined {
  const picks = changes.flatMap((change) => (change.type === "select" ? [change] : []));
  if (picks.length === 0) return undefined;
  const chosen = new Set(now);
  for (const { id, selected } of picks) {
    if (selected) chosen.add(id);
    else chosen.delete(id);
  }
  return [...chosen];
}
