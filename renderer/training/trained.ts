import type { Graph, NetloomDocument } from "../../src/document/schema.ts";

/**
 * What of a document a run depends on, as text: two documents with the same key train alike. Where nodes stand,
 * what they are called and what is noted on them does not matter.
 */
export function trainedKey(document: NetloomDocument): string {
  const blocks = Object.entries(document.blocks ?? {}).map(([name, block]) => [name, block.params, block.inputs, block.outputs, graphKey(block)]);
  const { evaluateEvery: _, checkpointEvery: __, recompute: ___, ...training } = document.training ?? {};
  return JSON.stringify([graphKey(document), blocks, training]);
}

const graphKey = (graph: Graph) => [
  graph.nodes.map(({ id, type, params, shared }) => [id, type, params ?? {}, shared]),
  graph.edges.map(({ from, to }) => [from, to]),
];

/** SHA-256 of a text, in hex. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
