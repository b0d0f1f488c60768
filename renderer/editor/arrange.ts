import type { Rect } from "./place.ts";
import { bounds, gapX, snap } from "./place.ts";

/** Putting nodes in order: alignment, even distances, and the whole graph from left to right. */

export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "horizontally" | "vertically";
type Places = ReadonlyMap<string, readonly [number, number]>;
type Rects = ReadonlyMap<string, Rect>;

/** New places by which all share an edge or a centre line. */
export function align(rects: Rects, how: Alignment): Places {
  const all = bounds([...rects.values()]);
  if (!all) return new Map();
  const place = (rect: Rect): readonly [number, number] => {
    switch (how) {
      case "left":
        return [all.x, rect.y];
      case "centre":
        return [all.x + (all.width - rect.width) / 2, rect.y];
      case "right":
        return [all.x + all.width - rect.width, rect.y];
      case "top":
        return [rect.x, all.y];
      case "middle":
        return [rect.x, all.y + (all.height - rect.height) / 2];
      case "bottom":
        return [rect.x, all.y + all.height - rect.height];
    }
    return how satisfies never;
  };
  return new Map([...rects].map(([id, rect]) => [id, place(rect)]));
}

/** New places with equal gaps between neighbours; the outermost two stay. */
export function distribute(rects: Rects, axis: Axis): Places {
  const horizontal = axis === "horizontally";
  const start = (rect: Rect) => (horizontal ? rect.x : rect.y);
  const length = (rect: Rect) => (horizontal ? rect.width : rect.height);
  const row = [...rects].toSorted(([, a], [, b]) => start(a) - start(b));
  const first = row[0]?.[1];
  const last = row.at(-1)?.[1];
  if (!first || !last || row.length < 3) return new Map();
  const taken = row.reduce((sum, [, rect]) => sum + length(rect), 0);
  const gap = (start(last) + length(last) - start(first) - taken) / (row.length - 1);
  let at = start(first);
  return new Map(
    row.map(([id, rect]) => {
      const place: readonly [number, number] = horizontal ? [at, rect.y] : [rect.x, at];
      at += length(rect) + gap;
      return [id, place];
    }),
  );
}

/**
 * Places for a whole graph, data flowing from left to right; keeps its top left corner. dagre is loaded when first used.
 * @param rects every node, a block's ports among them
 * @param wires from node to node
 */
export async function layOut(rects: Rects, wires: readonly (readonly [from: string, to: string])[]): Promise<Places> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", ranksep: gapX, nodesep: 44, edgesep: 24, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of rects) graph.setNode(id, { width, height });
  wires.forEach(([from, to], i) => {
    if (rects.has(from) && rects.has(to)) graph.setEdge(from, to, { weight: 1 }, String(i));
  });
  layout(graph);
  const corner = bounds([...rects.values()]) ?? { x: 0, y: 0 };
  return new Map(
    [...rects].map(([id, { width, height }]) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, [snap(corner.x + x - width / 2), snap(corner.y + y - height / 2)] as const];
    }),
  );
}
