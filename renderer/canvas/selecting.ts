import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useDocument } from "../stores/document.ts";
import { inNextFrame } from "./next-frame.ts";
import type { CanvasNode } from "./use-flow.ts";

/** What the pointer selects goes to the store, which alone says what is selected. */

let waiting: NodeChange<CanvasNode>[] = [];

/** `large`: so many nodes are there that a gesture's first frame has no room for what follows from another selection. */
export function selectNodes(changes: readonly NodeChange<CanvasNode>[], large: boolean): void {
  const picks = changes.filter(({ type }) => type === "select");
  if (picks.length === 0) return;
  waiting.push(...picks);
  if (!large) choose();
  else if (waiting.length === picks.length) inNextFrame(choose);
}

function choose(): void {
  const changes = waiting;
  waiting = [];
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
