import type { GraphNode } from "../../src/document/schema.ts";
import type { Checked, NodeView, Problem } from "../../src/graph/types.ts";
import { formatExact, formatShape, plural } from "../editor/format.ts";
import { type GraphIndex, indexOf, shownGraph } from "../editor/graph.ts";
import { type NodeInfo, nodeInfo, nodeTitle, noView, type PortInfo } from "../editor/node-info.ts";
import { type DocumentState, openGraph, useDocument } from "../stores/document.ts";
import { useSession } from "../training/store.ts";
import { createFeed, type Feed, useFeed } from "./feed.ts";
import { largeGraph } from "./levels.ts";
import { inNextFrame } from "./next-frame.ts";

/** What the canvas reads of a node: each by a narrow question, so that one node's change draws one node. */

let last: { readonly document: DocumentState["document"]; readonly trail: readonly string[]; readonly index: GraphIndex } | undefined;

/** Asked by every node after every change: the answer for the open graph is kept. */
function indexNow(state: DocumentState): GraphIndex {
  if (last?.document !== state.document || last.trail !== state.trail)
    last = { document: state.document, trail: state.trail, index: indexOf(shownGraph(state.document, openGraph(state))) };
  return last.index;
}

export const useNode = (id: string): GraphNode | undefined => useDocument((state) => indexNow(state).nodes.get(id));

const views = createFeed(
  useDocument,
  ({ checked, trail }) => [checked, trail],
  (state, id) => state.checked.view(openGraph(state)).get(id) ?? noView,
);
export const useNodeView = (id: string): NodeView => useFeed(views, id);
/** The same where it is needed; else undefined, and nothing is drawn again for it. */
export const useViewIf = (needed: boolean, id: string): NodeView | undefined => useFeed<NodeView | undefined>(needed ? views : none, id);
const none: Feed<undefined> = { read: () => undefined, listen: () => () => undefined };

/** How bad the worst problem of a node is; undefined if it has none. */
const severities = createFeed(
  useDocument,
  ({ checked, trail }) => [checked, trail],
  (state, id) => worst(state.checked.view(openGraph(state)).get(id)?.problems ?? [])?.severity,
);
export const useSeverity = (id: string): Problem["severity"] | undefined => useFeed(severities, id);

export const useNodeInfo = (node: GraphNode | undefined): NodeInfo | undefined =>
  useDocument((state) => node && nodeInfo(state.document, openGraph(state), node, state.env));

const infos = createFeed(
  useDocument,
  ({ document, trail, env }) => [document, trail, env],
  (state, id) => {
    const node = indexNow(state).nodes.get(id);
    return node && nodeInfo(state.document, openGraph(state), node, state.env);
  },
  edited,
  // Finding one card among a thousand takes longer than all else that a keystroke does.
  (state, tell) => (shownGraph(state.document, openGraph(state)).nodes.length > largeGraph ? inNextFrame(tell) : tell()),
);

/** The nodes that an edit made anew, where it did nothing else to the open graph; undefined if it did. */
function edited(state: DocumentState, before: DocumentState): readonly string[] | undefined {
  if (state.trail !== before.trail || state.env !== before.env || state.document.blocks !== before.document.blocks) return undefined;
  const [now, old] = [shownGraph(state.document, openGraph(state)).nodes, shownGraph(before.document, openGraph(before)).nodes];
  if (now.length !== old.length) return undefined;
  const ids: string[] = [];
  for (let i = 0; i < now.length; i++) {
    const node = now[i];
    if (node === old[i] || !node) continue;
    if (node.id !== old[i]?.id) return undefined;
    ids.push(node.id);
  }
  return ids;
}

/** Both at the price of one question: a changed node has another info. */
export function useNodeAndInfo(id: string): { readonly node: GraphNode; readonly info: NodeInfo } | undefined {
  const info = useFeed(infos, id);
  const node = indexNow(useDocument.getState()).nodes.get(id);
  return node && info && { node, info };
}

/** A string that tells which of a node's inputs have wires: it changes only when that does. */
export const useWiredPorts = (id: string): string =>
  useDocument((state) => (indexNow(state).arriving.get(id) ?? []).map((edge) => edge.to.slice(edge.to.indexOf(".") + 1)).join(" "));

/** The outputs that wires leave from. */
export const useLeavingPorts = (id: string): string =>
  useDocument((state) => [...new Set((indexNow(state).leaving.get(id) ?? []).map((edge) => edge.from.slice(edge.from.indexOf(".") + 1)))].join(" "));

/** Where a node of the open graph stands after blocks are expanded: its first instance. */
const paths = new WeakMap<Checked, Map<string, string>>();
export function pathOf(checked: Checked, graph: string, id: string): string {
  if (graph === "") return id;
  let known = paths.get(checked);
  if (!known) {
    known = new Map();
    for (const { place, path } of checked.nodes) if (!known.has(`${place.graph}/${place.node}`)) known.set(`${place.graph}/${place.node}`, path);
    paths.set(checked, known);
  }
  return known.get(`${graph}/${id}`) ?? id;
}
export const useNodePath = (id: string): string => useDocument((state) => pathOf(state.checked, openGraph(state), id));

/** Why training stopped at this node, or inside it; undefined if it did not. */
export const useFailure = (path: string): string | undefined =>
  useSession(({ failure }) => (failure?.node !== undefined && within(failure.node, path) ? failure.message : undefined));
/** The same for a node of the open graph, without a question about its path. */
export const useFailed = (id: string): boolean =>
  useSession(({ failure }) => {
    if (failure?.node === undefined) return false;
    const state = useDocument.getState();
    return within(failure.node, pathOf(state.checked, openGraph(state), id));
  });
const within = (failed: string, path: string): boolean => failed === path || failed.startsWith(`${path}/`);

/** Ports by the layer's word, then those only a wire or the checker knows of, so that none is out of sight. */
export function allInputs(info: NodeInfo, wired: string): readonly PortInfo[] {
  const names = new Set(info.inputs.map((port) => port.name));
  const strays = [...new Set(wired.split(" "))].filter((name) => name !== "" && !names.has(name));
  return [...info.inputs, ...strays.map((name) => ({ name }))];
}
export function allOutputs(info: NodeInfo, view: NodeView, leaving: string): readonly PortInfo[] {
  const names = new Set(info.outputs.map((port) => port.name));
  const strays = [...new Set([...Object.keys(view.outputs), ...leaving.split(" ")])].filter((name) => name !== "" && !names.has(name));
  return [...info.outputs, ...strays.map((name) => ({ name }))];
}

/** The problem to show first: an error before a warning. */
export const worst = (problems: readonly Problem[]): Problem | undefined => problems.find((problem) => problem.severity === "error") ?? problems[0];

/** A node in one sentence, for those who hear it: "Convolution 2D conv1, 15 × 3, output [batch, 19, 15], 690 parameters, 1 problem". */
export function spokenNode(node: GraphNode, info: NodeInfo, view: NodeView): string {
  const outputs = Object.entries(view.outputs);
  const shapes = outputs.map(([port, type]) => `${outputs.length > 1 ? `${port} ` : ""}${formatShape(type.shape)}`);
  return [
    `${nodeTitle(node, info)} ${node.id}`,
    info.backwards && "runs backwards",
    info.repeat > 1 && `repeated ${info.repeat} times`,
    info.summary,
    shapes.length > 0 && `output ${shapes.join(", ")}`,
    view.parameters > 0 && `${formatExact(view.parameters)} parameters`,
    view.problems.length > 0 && plural(view.problems.length, "problem"),
  ]
    .filter(Boolean)
    .join(", ");
}
