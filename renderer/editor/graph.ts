import { graphOf, nodeOf, portOf } from "../../src/document/edits.ts";
import type { Edge, Graph, GraphNode, NetloomDocument } from "../../src/document/schema.ts";

/** Reading one graph of a document, quickly and however often. Graphs never change, so what is found out once is kept. */

const empty: Graph = { nodes: [], edges: [] };

/** The graph of that name; an empty one if the document has none (any more). */
export const shownGraph = (document: NetloomDocument, name: string): Graph => graphOf(document, name) ?? empty;

/** A wire's name in selections and on the canvas. */
export const edgeId = (edge: Pick<Edge, "from" | "to">): string => `${edge.from}->${edge.to}`;

/** `in` and `out`: where the wires of a block's own ports end. */
export const isBoundary = (node: string): boolean => node === "in" || node === "out";

/** `in.x`, `out.y`: a block's own ports, as the canvas names them. */
export const isPortNode = (id: string): boolean => id.startsWith("in.") || id.startsWith("out.");

/** The canvas's node at an end of a wire: the node, or the block's own port itself. */
export const canvasNode = (end: string): string => (isPortNode(end) ? end : nodeOf(end));

export interface GraphIndex {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** `"relu1.x"` → wires that arrive there. */
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  /** Canvas node → wires that arrive at it, and that leave it. */
  readonly arriving: ReadonlyMap<string, readonly Edge[]>;
  readonly leaving: ReadonlyMap<string, readonly Edge[]>;
}

const indexes = new WeakMap<readonly GraphNode[], WeakMap<readonly Edge[], GraphIndex>>();

export function indexOf(graph: Graph): GraphIndex {
  let byEdges = indexes.get(graph.nodes);
  if (!byEdges) indexes.set(graph.nodes, (byEdges = new WeakMap()));
  let index = byEdges.get(graph.edges);
  if (!index) byEdges.set(graph.edges, (index = makeIndex(graph)));
  return index;
}

function makeIndex(graph: Graph): GraphIndex {
  let wires = wireIndexes.get(graph.edges);
  if (!wires) wireIndexes.set(graph.edges, (wires = indexWires(graph.edges)));
  const nodes = new Map<string, GraphNode>();
  for (const node of graph.nodes) nodes.set(node.id, node);
  return { nodes, ...wires };
}

type WireIndex = Omit<GraphIndex, "nodes">;
const wireIndexes = new WeakMap<readonly Edge[], WireIndex>();

function indexWires(edges: readonly Edge[]): WireIndex {
  const into = new Map<string, Edge[]>();
  const arriving = new Map<string, Edge[]>();
  const leaving = new Map<string, Edge[]>();
  const put = (map: Map<string, Edge[]>, key: string, edge: Edge) => {
    const list = map.get(key);
    if (list) list.push(edge);
    else map.set(key, [edge]);
  };
  for (const edge of edges) {
    put(into, edge.to, edge);
    put(arriving, canvasNode(edge.to), edge);
    put(leaving, canvasNode(edge.from), edge);
  }
  return { into, arriving, leaving };
}

/** Is there a way along the wires from one node to another? */
export function reaches(graph: Graph, from: string, to: string): boolean {
  const { leaving } = indexOf(graph);
  const seen = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const edge of leaving.get(id) ?? []) waiting.push(canvasNode(edge.to));
  }
  return false;
}

export { nodeOf, portOf };
