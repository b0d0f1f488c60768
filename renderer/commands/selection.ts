import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { here } from "../canvas/controller.ts";
import { removePort } from "../editor/block-ports.ts";
import { copyNodes, pasteClip, readClip, writeClip } from "../editor/clipboard.ts";
import { formatCount, plural } from "../editor/format.ts";
import { edgeId, isPortNode, nodeOf, portOf, shownGraph } from "../editor/graph.ts";
import { nodeInfo, nodeTitle } from "../editor/node-info.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";

/** What is done with the selection, as plain functions: commands, context menu and clipboard events call them. */

export const selectedNodes = (): readonly string[] => useDocument.getState().selection.nodes.filter((id) => !isPortNode(id));
export const selectedEdges = (): readonly string[] => useDocument.getState().selection.edges;
export const hasNodes = (): boolean => selectedNodes().length > 0;
export const hasSelection = (): boolean => {
  const { nodes, edges } = useDocument.getState().selection;
  return nodes.length + edges.length > 0;
};

/** `Convolution 2D`, or `3 nodes`: for labels of edits. */
export function nameNodes(ids: readonly string[]): string {
  const { document, graph, env } = here();
  const [id] = ids;
  const node = ids.length === 1 ? shownGraph(document, graph).nodes.find((one) => one.id === id) : undefined;
  return node ? nodeTitle(node, nodeInfo(document, graph, node, env)) : plural(ids.length, "node");
}

/** Takes away nodes with their wires, wires, and a block's own ports. */
export function deleteSelection(verb = "Delete"): void {
  const state = useDocument.getState();
  const { nodes, edges } = state.selection;
  const graph = openGraph(state);
  const gone = new Set(edges);
  const chosen = shownGraph(state.document, graph).edges.filter((edge) => gone.has(edgeId(edge)));
  const what = nodes.length > 0 ? nameNodes(nodes) : plural(edges.length, "wire");
  state.edit(`${verb} ${what}`, (document) => {
    const without = applyEdit(document, { kind: "remove", graph, nodes: nodes.filter((id) => !isPortNode(id)), edges: chosen });
    return nodes.filter(isPortNode).reduce((shown, id) => removePort(shown, graph, nodeOf(id) === "in" ? "in" : "out", portOf(id)), without);
  });
}

/** The text of what is selected, for the system's clipboard; undefined if nothing is. */
export function copyText(): string | undefined {
  const nodes = selectedNodes();
  const { document, graph } = here();
  return nodes.length > 0 ? writeClip(copyNodes(document, graph, nodes)) : undefined;
}

/** Pastes a text if it is a clip. Says so if it is not, or cannot stand here. */
export function pasteText(text: string, at?: readonly [number, number]): boolean {
  const clip = readClip(text);
  if (!clip) {
    notify({ tone: "info", text: "The clipboard holds no Netloom nodes." });
    return false;
  }
  const state = useDocument.getState();
  const graph = openGraph(state);
  const pasted = pasteClip(
    state.document,
    graph,
    clip,
    at ??
      placeForPaste(
        state.document,
        graph,
        clip.nodes.map((node) => node.at),
      ),
  );
  if (!pasted.ok) {
    notify({ tone: "bad", text: pasted.reason });
    return false;
  }
  state.edit(`Paste ${plural(clip.nodes.length, "node")}`, () => pasted.document);
  state.select(pasted.nodes);
  return true;
}

/** Where it was; a step aside for every time something stands there already. */
function placeForPaste(
  document: NetloomDocument,
  graph: string,
  places: readonly (readonly [number, number] | undefined)[],
): readonly [number, number] {
  const known = places.filter((at) => at !== undefined);
  const x = Math.min(...known.map((at) => at[0]), known.length > 0 ? Number.POSITIVE_INFINITY : 0);
  const y = Math.min(...known.map((at) => at[1]), known.length > 0 ? Number.POSITIVE_INFINITY : 0);
  const taken = new Set(shownGraph(document, graph).nodes.map((node) => node.at?.join(" ")));
  let aside = 0;
  while (taken.has(`${x + aside} ${y + aside}`)) aside += 30;
  return [x + aside, y + aside];
}

/** The same nodes again, a step aside, without the clipboard. */
export function duplicateSelection(): void {
  const state = useDocument.getState();
  const graph = openGraph(state);
  const nodes = selectedNodes();
  const clip = copyNodes(state.document, graph, nodes);
  const pasted = pasteClip(
    state.document,
    graph,
    clip,
    placeForPaste(
      state.document,
      graph,
      clip.nodes.map((node) => node.at),
    ),
  );
  if (!pasted.ok) return;
  state.edit(`Duplicate ${nameNodes(nodes)}`, () => pasted.document);
  state.select(pasted.nodes);
}

/** All nodes and wires of the open graph. */
export function selectAll(): void {
  const { document, graph } = here();
  const { nodes, edges } = shownGraph(document, graph);
  useDocument.getState().select(
    nodes.map((node) => node.id),
    edges.map(edgeId),
  );
}

/** A line for screen readers on what is selected. */
export function describeSelection(): string {
  const nodes = selectedNodes();
  if (nodes.length !== 1) return nodes.length === 0 ? "Nothing selected" : `${formatCount(nodes.length)} nodes selected`;
  return `${nameNodes(nodes)} ${nodes[0] ?? ""} selected`;
}
