import { z } from "zod";
import { blockOf, freshBlockName } from "../../src/document/blocks.ts";
import { changeGraph, freshId, nodeOf, portOf } from "../../src/document/edits.ts";
import { type Block, documentSchema, type Edge, type GraphNode, limits, type NetloomDocument } from "../../src/document/schema.ts";
import { contains } from "./add.ts";
import { shownGraph } from "./graph.ts";
import { bounds, rectOf, snap } from "./place.ts";

/**
 * Cut, copy and paste as text, so that it works between documents and windows, and what is pasted into a mail can
 * be read. Blocks that the nodes use travel with them.
 */

export interface Clip {
  readonly netloomClipboard: 1;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  readonly blocks: Readonly<Record<string, Block>>;
}

const clipSchema = z.object({ netloomClipboard: z.literal(1), ...documentSchema.pick({ nodes: true, edges: true, blocks: true }).shape });

/** Nodes, the wires between them, and the blocks they need. */
export function copyNodes(document: NetloomDocument, graphName: string, ids: readonly string[]): Clip {
  const graph = shownGraph(document, graphName);
  const chosen = new Set(ids);
  const nodes = graph.nodes.filter((node) => chosen.has(node.id));
  const edges = graph.edges.filter((edge) => chosen.has(nodeOf(edge.from)) && chosen.has(nodeOf(edge.to)));
  return { netloomClipboard: 1, nodes, edges, blocks: blocksUsed(document, nodes) };
}

function blocksUsed(document: NetloomDocument, nodes: readonly GraphNode[], found: Record<string, Block> = {}): Record<string, Block> {
  for (const node of nodes) {
    const name = blockOf(node);
    const block = name === undefined ? undefined : document.blocks?.[name];
    if (name === undefined || !block || found[name]) continue;
    found[name] = block;
    blocksUsed(document, block.nodes, found);
  }
  return found;
}

export const writeClip = (clip: Clip): string => JSON.stringify(clip);

/** The clip in a text; undefined if it is anything else. */
export function readClip(text: string): Clip | undefined {
  if (text.length > limits.bytes || !text.trimStart().startsWith("{")) return undefined;
  try {
    const read = clipSchema.safeParse(JSON.parse(text));
    return read.success && read.data.nodes.length > 0 ? { ...read.data, blocks: read.data.blocks ?? {} } : undefined;
  } catch {
    return undefined;
  }
}

export type Pasted =
  | { readonly ok: true; readonly document: NetloomDocument; readonly nodes: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Puts a clip into a graph: names that are taken get a number, blocks that are there already are not doubled.
 * @param at the corner of all that is pasted; by default a little below and right of where it was
 */
export function pasteClip(document: NetloomDocument, graphName: string, clip: Clip, at?: readonly [number, number]): Pasted {
  const recursive = Object.keys(clip.blocks).find(
    (name) => name === graphName || contains({ ...document, blocks: { ...document.blocks, ...clip.blocks } }, name, graphName),
  );
  if (graphName !== "" && recursive !== undefined && clip.nodes.some((node) => reachesBlock(clip, blockOf(node), recursive)))
    return { ok: false, reason: `A block cannot contain itself: "${recursive}" is, or holds, the block that is open.` };
  const withBlocks = bringBlocks(document, clip.blocks);
  const graph = shownGraph(document, graphName);
  const corner = bounds(clip.nodes.map((node) => rectOf(node, new Map()))) ?? { x: 0, y: 0 };
  const [x, y] = at ?? [corner.x + 30, corner.y + 30];
  const names = new Map<string, string>();
  const nodes: GraphNode[] = [];
  for (const node of clip.nodes) {
    const id = freshId(node.id, { nodes: [...graph.nodes, ...nodes] });
    names.set(node.id, id);
    const [left, top] = node.at ?? [corner.x, corner.y];
    nodes.push({ ...withBlocks.rename(node), id, at: [snap(left - corner.x + x), snap(top - corner.y + y)] });
  }
  const end = (text: string) => `${names.get(nodeOf(text)) ?? nodeOf(text)}.${portOf(text)}`;
  const edges = clip.edges
    .filter((edge) => names.has(nodeOf(edge.from)) && names.has(nodeOf(edge.to)))
    .map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) }));
  return {
    ok: true,
    document: changeGraph(withBlocks.document, graphName, (old) => ({ nodes: [...old.nodes, ...nodes], edges: [...old.edges, ...edges] })),
    nodes: nodes.map((node) => node.id),
  };
}

const reachesBlock = (clip: Clip, from: string | undefined, to: string): boolean =>
  from !== undefined &&
  (from === to || (clip.blocks[from]?.nodes ?? []).some((node) => blockOf(node) !== from && reachesBlock(clip, blockOf(node), to)));

/** Adds the blocks a document lacks. One of the same name but other content gets a new name, in its instances too. */
function bringBlocks(document: NetloomDocument, blocks: Readonly<Record<string, Block>>) {
  const names = new Map<string, string>();
  let shown = document;
  for (const [name, block] of Object.entries(blocks)) {
    const known = document.blocks?.[name];
    const same = known !== undefined && JSON.stringify(known) === JSON.stringify(block);
    const next = same ? name : freshBlockName(shown, name);
    names.set(name, next);
    if (!same) shown = { ...shown, blocks: { ...shown.blocks, [next]: block } };
  }
  const rename = (node: GraphNode): GraphNode => {
    const next = names.get(blockOf(node) ?? "");
    return next === undefined ? node : { ...node, type: `block:${next}` };
  };
  const renamed = Object.entries(shown.blocks ?? {}).map(([name, block]) =>
    names.has(name) || [...names.values()].includes(name)
      ? ([name, document.blocks?.[name] ?? { ...block, nodes: block.nodes.map(rename) }] as const)
      : ([name, block] as const),
  );
  return { document: names.size > 0 ? { ...shown, blocks: Object.fromEntries(renamed) } : document, rename };
}
