import type { Block, Edge, Graph, GraphNode, NetloomDocument, ParamValue } from "./schema.ts";

/**
 * Edits are data: problems carry them as remedies, commands are made of them. `applyEdit` is pure and total:
 * an edit that does not fit the document (its node is gone) leaves it as it is.
 * `graph` names where: `""` the main graph, else a block's definition.
 */
export type Edit =
  | { readonly kind: "set-params"; readonly graph: string; readonly node: string; readonly params: Readonly<Record<string, ParamValue | undefined>> }
  /** Another layer in the node's place, with the parameters and wires it has. */
  | { readonly kind: "set-type"; readonly graph: string; readonly node: string; readonly type: string }
  /** Which way a block or a layer runs. */
  | { readonly kind: "set-direction"; readonly graph: string; readonly node: string; readonly direction: "forward" | "inverse" }
  | { readonly kind: "add"; readonly graph: string; readonly nodes: readonly GraphNode[]; readonly edges: readonly Edge[] }
  /** Nodes with their wires, and single wires. */
  | { readonly kind: "remove"; readonly graph: string; readonly nodes: readonly string[]; readonly edges: readonly Edge[] }
  /** A new node in the middle of wires: what they carry enters it by `input`, and goes on from `output` to where they went. */
  | {
      readonly kind: "insert";
      readonly graph: string;
      readonly edges: readonly Edge[];
      readonly node: GraphNode;
      readonly input: string;
      readonly output: string;
    }
  /** `replace` takes away what arrives at the port now. */
  | { readonly kind: "connect"; readonly graph: string; readonly edge: Edge; readonly replace: boolean };

export function applyEdit(document: NetloomDocument, edit: Edit): NetloomDocument {
  return changeGraph(document, edit.graph, (graph) => change(graph, edit));
}

/** The nodes and wires of the main graph (`""`) or of a block; undefined if there is no such block. */
export const graphOf = (document: NetloomDocument, graph: string): Graph | undefined => (graph === "" ? document : blockNamed(document, graph));

/** The definition of a block, by the document's own names only: every object also has a "constructor". */
export const blockNamed = ({ blocks }: NetloomDocument, name: string): Block | undefined =>
  blocks && Object.hasOwn(blocks, name) ? blocks[name] : undefined;

/** Applies a change to one graph of the document; the same document if nothing changed or the block is not there. */
export function changeGraph(document: NetloomDocument, name: string, change: (graph: Graph) => Graph): NetloomDocument {
  const graph = graphOf(document, name);
  if (!graph) return document;
  const { nodes, edges } = change(graph);
  if (nodes === graph.nodes && edges === graph.edges) return document;
  if (name === "") return { ...document, nodes, edges };
  const block = blockNamed(document, name);
  return block ? { ...document, blocks: { ...document.blocks, [name]: { ...block, nodes, edges } } } : document;
}

function change(graph: Graph, edit: Edit): Graph {
  switch (edit.kind) {
    case "set-params":
      return changeNode(graph, edit.node, (node) => ({ ...node, params: withoutUndefined({ ...node.params, ...edit.params }) }));
    case "set-type":
      return changeNode(graph, edit.node, (node) => ({ ...node, type: edit.type }));
    case "set-direction":
      return changeNode(graph, edit.node, ({ direction: _, ...node }) => (edit.direction === "inverse" ? { ...node, direction: "inverse" } : node));
    case "add":
      return { nodes: [...graph.nodes, ...edit.nodes], edges: [...graph.edges, ...edit.edges] };
    case "remove":
      return removeFrom(graph, new Set(edit.nodes), edit.edges);
    case "insert": {
      const cut = (edge: Edge) => edit.edges.some((other) => sameEdge(edge, other));
      const sources = new Set(graph.edges.filter(cut).map((edge) => edge.from));
      if (sources.size === 0) return graph;
      const node = { ...edit.node, id: freshId(edit.node.id, graph) };
      const leaving = graph.edges.map((edge) => (cut(edge) ? { ...edge, from: `${node.id}.${edit.output}` } : edge));
      const entering = [...sources].map((from) => ({ from, to: `${node.id}.${edit.input}` }));
      return { nodes: [...graph.nodes, node], edges: [...leaving, ...entering] };
    }
    case "connect": {
      if (graph.edges.some((edge) => sameEdge(edge, edit.edge))) return graph;
      const kept = edit.replace ? graph.edges.filter((edge) => edge.to !== edit.edge.to) : graph.edges;
      return { nodes: graph.nodes, edges: [...kept, edit.edge] };
    }
  }
  edit satisfies never;
}

/** Replaces one node by its changed self. */
export function changeNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  return graph.nodes.some((node) => node.id === id)
    ? { nodes: graph.nodes.map((node) => (node.id === id ? change(node) : node)), edges: graph.edges }
    : graph;
}

function removeFrom(graph: Graph, nodes: ReadonlySet<string>, edges: readonly Edge[]): Graph {
  const gone = (edge: Edge) => nodes.has(nodeOf(edge.from)) || nodes.has(nodeOf(edge.to)) || edges.some((other) => sameEdge(edge, other));
  return { nodes: graph.nodes.filter((node) => !nodes.has(node.id)), edges: graph.edges.filter((edge) => !gone(edge)) };
}

/** `"conv1"` of `"conv1.y"`. */
export const nodeOf = (end: string): string => end.slice(0, end.indexOf("."));
/** `"y"` of `"conv1.y"`. */
export const portOf = (end: string): string => end.slice(end.indexOf(".") + 1);
const sameEdge = (a: Edge, b: Edge): boolean => a.from === b.from && a.to === b.to;

/** `wanted` itself, or with a number behind it that no node of the graph has: `conv`, `conv2`, `conv3`. */
export function freshId(wanted: string, graph: Pick<Graph, "nodes">): string {
  const taken = new Set(graph.nodes.map((node) => node.id));
  if (!taken.has(wanted) && wanted !== "in" && wanted !== "out") return wanted;
  const stem = wanted.replace(/\d+$/, "") || "node";
  for (let i = 2; ; i++) if (!taken.has(`${stem}${i}`)) return `${stem}${i}`;
}

const withoutUndefined = (params: Readonly<Record<string, ParamValue | undefined>>): Record<string, ParamValue> =>
  Object.fromEntries(Object.entries(params).filter((entry): entry is [string, ParamValue] => entry[1] !== undefined));
