import { useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import type { Edge } from "../../src/document/schema.ts";
import { canvasNode, edgeId } from "../editor/graph.ts";
import { overlap, type Rect, usualSize } from "../editor/place.ts";
import { createGradual } from "./gradual.ts";
import { detailAt, useCanvas } from "./store.ts";
import { takeTurn } from "./turns.ts";
import type { CanvasNode } from "./use-flow.ts";

/**
 * In a large graph only what one looks at, near enough to read, is drawn in full: cards with ports, wires that answer the
 * pointer. The rest are boxes with a title and plain lines, so that a thousand nodes can be moved about.
 */

/** Graphs with more nodes than this are drawn gradually. */
export const largeGraph = 200;
/** The most that is drawn in full at a time, on however large a screen. */
const most = { nodes: 160, wires: 240 } as const;

const sliced = { draw: (change: () => void) => flushSync(change), frame: takeTurn, now: () => performance.now() };
const cards = createGradual({ ...sliced, budget: 5, handful: 3 });
// Each change of the wires is told to everything on the canvas: one handful a turn.
const wires = createGradual({ ...sliced, budget: 0, handful: 20 });

/** Whether this node of a large graph is drawn in full by now. */
export function useDrawnInFull(id: string): boolean {
  const listen = useCallback((listener: () => void) => cards.listen(listener, id), [id]);
  return useSyncExternalStore(listen, () => cards.has(id));
}

/** Keeps up with the view. Returns the ids of the wires that are alive; undefined: all of them are. */
export function useLevels(nodes: readonly CanvasNode[], edges: readonly Edge[], gradual: boolean): ReadonlySet<string> | undefined {
  const store = useStoreApi<CanvasNode>();
  const alive = useSyncExternalStore(wires.listen, wires.all);
  const graph = useRef({ nodes, edges });
  const look = useMemo(() => {
    let stop: (() => void) | undefined;
    const now = () => {
      stop = undefined;
      const { transform, width, height } = store.getState();
      const zoom = transform[2];
      const view = { x: -transform[0] / zoom, y: -transform[1] / zoom, width: width / zoom, height: height / zoom };
      const seen = detailAt(zoom) === "hue" ? nothing : inView(graph.current.nodes, graph.current.edges, view);
      const { renaming } = useCanvas.getState();
      cards.want(renaming === undefined ? seen.nodes : [renaming, ...seen.nodes]);
      wires.want(seen.wires.filter(({ from, to }) => cards.has(from) && cards.has(to)).map(({ id }) => id));
    };
    return { soon: () => (stop ??= takeTurn(now)), stop: () => stop?.() };
  }, [store]);

  useEffect(() => {
    graph.current = { nodes, edges };
    if (gradual) look.soon();
  }, [nodes, edges, gradual, look]);

  useEffect(() => {
    if (!gradual) return;
    const stops = [
      store.subscribe((state, before) => {
        if (state.transform !== before.transform || state.width !== before.width || state.height !== before.height) look.soon();
      }),
      useCanvas.subscribe((canvas, before) => canvas.renaming !== before.renaming && look.soon()),
      // A wire comes alive when both its nodes have their ports.
      cards.listen(() => cards.busy() || look.soon()),
    ];
    return () => {
      for (const stop of stops) stop();
      look.stop();
    };
  }, [gradual, look, store]);

  return gradual ? alive : undefined;
}

const nothing = { nodes: [], wires: [] };

interface Seen {
  /** Nodes in view, those in the middle first, then those that wires in view lead to. */
  readonly nodes: readonly string[];
  readonly wires: readonly { readonly id: string; readonly from: string; readonly to: string }[];
}

/** What lies in the view or close to it. */
export function inView(nodes: readonly CanvasNode[], edges: readonly Edge[], view: Rect): Seen {
  const margin = Math.min(view.width, view.height) / 4;
  const rects = new Map<string, Rect>();
  const near: { id: string; far: number }[] = [];
  for (const { id, position, measured } of nodes) {
    const rect = { ...position, width: measured?.width ?? usualSize.width, height: measured?.height ?? usualSize.height };
    rects.set(id, rect);
    if (!overlap(rect, view, margin)) continue;
    const dx = rect.x + rect.width / 2 - view.x - view.width / 2;
    const dy = rect.y + rect.height / 2 - view.y - view.height / 2;
    near.push({ id, far: dx * dx + dy * dy });
  }
  near.sort((a, b) => a.far - b.far);
  const chosen = new Set(near.slice(0, most.nodes).map(({ id }) => id));
  const found: { id: string; from: string; to: string }[] = [];
  const ends = new Set<string>();
  for (const edge of edges) {
    const from = canvasNode(edge.from);
    const to = canvasNode(edge.to);
    const [a, b] = [rects.get(from), rects.get(to)];
    if (found.length >= most.wires || !a || !b || !overlap(around(a, b), view)) continue;
    found.push({ id: edgeId(edge), from, to });
    for (const end of [from, to]) if (!chosen.has(end)) ends.add(end);
  }
  return { nodes: [...chosen, ...[...ends].slice(0, most.nodes)], wires: found };
}

function around(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}
