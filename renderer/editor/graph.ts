import type { Block, Edge, Graph, GraphNode, NetloomDocument } from "../../src/document/schema.ts";

/** Reading and changing one graph of a document: the main one (`""`) or a block's. Nothing here changes its arguments. */

export const emptyGraph: Graph = { nodes: [], edges: [] };

/** The graph of that name; an empty one if the document has none (any more). */
export const graphOf = (document: NetloomDocument, name: string): Graph => (name === "" ? document : (document.blocks?.[name] ?? emptyGraph));

/** The document with one graph changed; the same document if the graph does not exist or the change leaves it as it is. */
export function withGraph(document: NetloomDocument, name: string, change: (graph: Graph) => Graph): NetloomDocument {
  if (name === "") {
    const next = change(document);
    return next === document ? document : { ...document, nodes: next.nodes, edges: next.edges };
  }
  return withBlock(document, name, (block) => {
    const next = change(block);
    return next === block ? block : { ...block, nodes: next.nodes, edges: next.edges };
  });
}

/** The document with one block's definition changed. */
export function withBlock(document: NetloomDocument, name: string, change: (block: Block) => Block): NetloomDocument {
  const block = document.blocks?.[name];
  if (!block) return document;
  const next = change(block);
  return next === block ? document : { ...document, blocks: { ...document.blocks, [name]: next } };
}

/** The document with one node changed. */
export const withNode = (document: NetloomDocument, graph: string, id: string, change: (node: GraphNode) => GraphNode): NetloomDocument =>
  withGraph(document, graph, (g) => {
    const index = g.nodes.findIndex((node) => node.id === id);
    const node = g.nodes[index];
    if (!node) return g;
    const next = change(node);
    return next === node ? g : { ...g, nodes: g.nodes.with(index, next) };
  });

/** A wire's name in selections and on the canvas. */
export const edgeId = (edge: Pick<Edge, "from" | "to">): string => `${edge.from}->${edge.to}`;

/** `"conv1.y"` → `["conv1", "y"]`. */
export function splitEnd(end: string): readonly [node: string, port: string] {
  const dot = end.indexOf(".");
  return [end.slice(0, dot), end.slice(dot + 1)];
}
export const endNode = (end: string): string => end.slice(0, end.indexOf("."));

/** `in` and `out`: the ends of a block's own ports. */
export const isBoundary = (node: string): boolean => node === "in" || node === "out";

/** The name of the block that a node is an instance of, if it is one. */
export const blockName = (node: Pick<GraphNode, "type">): string | undefined => (node.type.startsWith("block:") ? node.type.slice(6) : undefined);
