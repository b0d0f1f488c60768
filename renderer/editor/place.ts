import { changeGraph } from "../../src/document/edits.ts";
import type { Edge, Graph, GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import { indexOf, nodeOf, shownGraph } from "./graph.ts";

/** Where nodes stand on the canvas, in pixels at 100 %. */

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}
export type Sizes = ReadonlyMap<string, Size>;

/** The distance of the canvas's dots; nodes snap to it. */
export const grid = 10;
export const nodeWidth = 200;
/** Between columns: a wire with its shape finds room. */
export const gapX = 100;
export const gapY = 40;
/** What a node measures until it has been measured. */
export const usualSize: Size = { width: nodeWidth, height: 84 };

export const snap = (value: number): number => Math.round(value / grid) * grid;

export const rectOf = (node: GraphNode, sizes: Sizes): Rect => {
  const [x, y] = node.at ?? [0, 0];
  return { x, y, ...(sizes.get(node.id) ?? usualSize) };
};

export const overlap = (a: Rect, b: Rect, margin = 0): boolean =>
  a.x < b.x + b.width + margin && b.x < a.x + a.width + margin && a.y < b.y + b.height + margin && b.y < a.y + a.height + margin;

/** The smallest rectangle around all of them; undefined of none. */
export function bounds(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  return {
    x,
    y,
    width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x,
    height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y,
  };
}

/** The nearest place at or below the wanted one where a node covers no other. */
export function freePlace(graph: Graph, wanted: readonly [number, number], sizes: Sizes, size: Size = usualSize): [number, number] {
  const others = graph.nodes.filter((node) => node.at).map((node) => rectOf(node, sizes));
  const x = snap(wanted[0]);
  let y = snap(wanted[1]);
  for (let tries = 0; tries <= others.length; tries++) {
    const hit = others.find((rect) => overlap({ x, y, ...size }, rect, 16));
    if (!hit) break;
    y = snap(hit.y + hit.height + gapY);
  }
  return [x, y];
}

/** Places for nodes that have none: columns by the longest way from a source, in the order of the document. */
export function fallbackPlaces(graph: Graph): ReadonlyMap<string, readonly [number, number]> {
  const places = new Map<string, readonly [number, number]>();
  const loose = graph.nodes.filter((node) => !node.at);
  if (loose.length === 0) return places;
  const placed = graph.nodes.filter((node) => node.at);
  const below = placed.length > 0 ? Math.max(...placed.map((node) => node.at?.[1] ?? 0)) + 200 : 0;
  const depths = depthsOf(graph);
  const rows = new Map<number, number>();
  for (const node of loose) {
    const depth = depths.get(node.id) ?? 0;
    const row = rows.get(depth) ?? 0;
    rows.set(depth, row + 1);
    places.set(node.id, [depth * (nodeWidth + gapX), below + row * 140]);
  }
  return places;
}

/** Steps on the longest way from any source; nodes in a cycle count from where they are met. */
function depthsOf(graph: Graph): ReadonlyMap<string, number> {
  const { arriving, leaving } = indexOf(graph);
  const depths = new Map<string, number>();
  const missing = new Map(graph.nodes.map((node) => [node.id, (arriving.get(node.id) ?? []).filter((edge) => nodeOf(edge.from) !== "in").length]));
  const ready = graph.nodes.filter((node) => missing.get(node.id) === 0).map((node) => node.id);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const edge of leaving.get(id) ?? []) {
      const next = nodeOf(edge.to);
      depths.set(next, Math.max(depths.get(next) ?? 0, (depths.get(id) ?? 0) + 1));
      const left = (missing.get(next) ?? 1) - 1;
      missing.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return depths;
}

/**
 * Gives a place to the nodes that an edit has added without one, in the middle of their wires; what stands there
 * and to the right of it moves over.
 */
export function settle(document: NetloomDocument, graphName: string, sizes: Sizes = new Map()): NetloomDocument {
  return changeGraph(document, graphName, (graph) => {
    const loose = graph.nodes.filter((node) => !node.at);
    if (loose.length === 0 || loose.length === graph.nodes.length) return graph;
    return loose.reduce((shown, node) => settleNode(shown, node, sizes), graph);
  });
}

function settleNode(graph: Graph, node: GraphNode, sizes: Sizes): Graph {
  const near = (edges: readonly Edge[] | undefined, end: "from" | "to") =>
    (edges ?? []).map((edge) => graph.nodes.find((other) => other.id === nodeOf(edge[end]))).find((other) => other?.at);
  const { arriving, leaving } = indexOf(graph);
  const before = near(arriving.get(node.id), "from");
  const after = near(leaving.get(node.id), "to");
  const put = (nodes: readonly GraphNode[], at: [number, number]): Graph => ({
    nodes: nodes.map((other) => (other.id === node.id ? { ...other, at } : other)),
    edges: graph.edges,
  });
  if (before && after) {
    const left = rectOf(before, sizes);
    const right = rectOf(after, sizes);
    const x = left.x + left.width + gapX;
    const shift = snap(x + nodeWidth + gapX - right.x);
    const moved = graph.nodes.map((other) =>
      shift > 0 && other.at && other.at[0] >= right.x - 1 && other.id !== before.id
        ? { ...other, at: [other.at[0] + shift, other.at[1]] as [number, number] }
        : other,
    );
    return put(moved, [snap(x), snap(right.y)]);
  }
  const beside = before ?? after;
  const rect = beside ? rectOf(beside, sizes) : { x: 0, y: 0, ...usualSize };
  const wanted: [number, number] = before ? [rect.x + rect.width + gapX, rect.y] : [rect.x - nodeWidth - gapX, rect.y];
  return put(graph.nodes, freePlace(graph, wanted, sizes));
}

/** The places of a graph's nodes, whether written down or fallen back on. */
export function placesOf(graph: Graph): ReadonlyMap<string, readonly [number, number]> {
  const fallback = fallbackPlaces(graph);
  return new Map(graph.nodes.map((node) => [node.id, node.at ?? fallback.get(node.id) ?? [0, 0]]));
}

/** The open graph of a document with every node moved to a given place. */
export const move = (document: NetloomDocument, graphName: string, to: ReadonlyMap<string, readonly [number, number]>): NetloomDocument => {
  const moved = changeGraph(document, graphName, (graph) => {
    let changed = false;
    const nodes = graph.nodes.map((node) => {
      const at = to.get(node.id);
      if (!at || (node.at && node.at[0] === at[0] && node.at[1] === at[1])) return node;
      changed = true;
      return { ...node, at: [at[0], at[1]] as [number, number] };
    });
    return changed ? { nodes, edges: graph.edges } : graph;
  });
  return movePorts(moved, graphName, to);
};

/** A block's own ports have places too: `in.x`, `out.y`. */
function movePorts(document: NetloomDocument, graphName: string, to: ReadonlyMap<string, readonly [number, number]>): NetloomDocument {
  const block = document.blocks?.[graphName];
  if (!block || ![...to.keys()].some((id) => id.includes("."))) return document;
  const put = (side: "in" | "out") => (port: (typeof block.inputs)[number]) => {
    const at = to.get(`${side}.${port.name}`);
    return at ? { ...port, at: [at[0], at[1]] as [number, number] } : port;
  };
  return {
    ...document,
    blocks: { ...document.blocks, [graphName]: { ...block, inputs: block.inputs.map(put("in")), outputs: block.outputs.map(put("out")) } },
  };
}

/** Where a block's ports stand if nobody has put them anywhere: inputs left of the graph, outputs right. */
export function portPlaces(document: NetloomDocument, graphName: string, sizes: Sizes): ReadonlyMap<string, readonly [number, number]> {
  const block = document.blocks?.[graphName];
  if (!block) return new Map();
  const graph = shownGraph(document, graphName);
  const places = placesOf(graph);
  const around = bounds(
    graph.nodes.map((node) => ({ ...rectOf(node, sizes), x: places.get(node.id)?.[0] ?? 0, y: places.get(node.id)?.[1] ?? 0 })),
  ) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  return new Map([
    ...block.inputs.map((port, i) => [`in.${port.name}`, port.at ?? [around.x - 200, around.y + 70 * i]] as const),
    ...block.outputs.map((port, i) => [`out.${port.name}`, port.at ?? [around.x + around.width + gapX, around.y + 70 * i]] as const),
  ]);
}
