import type { ReactFlowInstance } from "@xyflow/react";
import type { Where } from "../editor/connect.ts";
import { canvasNode, shownGraph } from "../editor/graph.ts";
import { placesOf, portPlaces, type Rect, type Size, type Sizes, usualSize } from "../editor/place.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { setCanvas } from "./store.ts";
import type { CanvasNode } from "./use-flow.ts";

/** What commands ask of the canvas on the screen. Without one (in tests) nodes have the usual size. */

let flow: ReactFlowInstance<CanvasNode> | undefined;
let pane: HTMLElement | undefined;

export function attachCanvas(instance: ReactFlowInstance<CanvasNode>, element: HTMLElement): void {
  flow = instance;
  pane = element;
}
export function detachCanvas(): void {
  flow = undefined;
  pane = undefined;
}

/** The open graph, with all that judging it takes, and nothing of it stale. */
export function here(): Where {
  useDocument.getState().settle();
  const state = useDocument.getState();
  return { document: state.document, graph: openGraph(state), checked: state.checked, env: state.env };
}

/** Sizes as measured on the screen, where they have been. */
export function sizes(): Sizes {
  const measured = new Map<string, Size>();
  for (const node of flow?.getNodes() ?? []) {
    const { width, height } = node.measured ?? {};
    if (width && height) measured.set(node.id, { width, height });
  }
  return measured;
}

/** Every node of the open graph as a rectangle, a block's own ports too. */
export function rects(ids?: readonly string[]): ReadonlyMap<string, Rect> {
  const { document, graph } = here();
  const known = sizes();
  const chosen = ids && new Set(ids);
  const places = [...placesOf(shownGraph(document, graph)), ...portPlaces(document, graph, known)];
  return new Map(places.filter(([id]) => !chosen || chosen.has(id)).map(([id, [x, y]]) => [id, { x, y, ...(known.get(id) ?? usualSize) }] as const));
}

/** The open graph's wires from canvas node to canvas node. */
export const wires = (): readonly (readonly [string, string])[] => {
  const { document, graph } = here();
  return shownGraph(document, graph).edges.map((edge) => [canvasNode(edge.from), canvasNode(edge.to)] as const);
};

/** Runs once the canvas has drawn what was just changed; not at all where there is no canvas. */
export function afterDraw(run: () => void): void {
  if (flow) requestAnimationFrame(() => requestAnimationFrame(run));
}

/** Milliseconds for the view to travel; none for those who ask for no motion. */
const travel = (): number => (typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160);

export const fitAll = (): void => void flow?.fitView({ padding: 0.12, maxZoom: 1, duration: travel() });
export const fitNodes = (ids: readonly string[]): void =>
  void flow?.fitView({ nodes: ids.map((id) => ({ id })), padding: 0.35, maxZoom: 1, duration: travel() });
export const zoomTo = (zoom: number): void => void flow?.zoomTo(zoom, { duration: travel() });
export const zoomBy = (factor: number): void => void flow?.zoomTo((flow.getZoom() ?? 1) * factor, { duration: travel() });

/** Moves the view as little as needed for a node to be wholly in it. In a straight line: a flight that zooms out and in would leave its zoom behind when the next begins. */
export function reveal(id: string): void {
  const rect = rects([id]).get(id);
  if (!flow || !pane || !rect) return;
  const { x, y, zoom } = flow.getViewport();
  const margin = 24;
  const shift = (start: number, length: number, room: number) =>
    start < margin ? margin - start : start + length > room - margin ? Math.max(room - margin - start - length, margin - start) : 0;
  const dx = shift(rect.x * zoom + x, rect.width * zoom, pane.clientWidth);
  const dy = shift(rect.y * zoom + y, rect.height * zoom, pane.clientHeight);
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: travel(), interpolate: "linear" });
}

/** The point of the canvas that is in the middle of the view, or under a point of the window. */
export function canvasPoint(client?: { readonly x: number; readonly y: number }): readonly [number, number] {
  const box = pane?.getBoundingClientRect();
  const at = client ?? (box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: 0, y: 0 });
  const point = flow?.screenToFlowPosition(at) ?? at;
  return [point.x, point.y];
}

/** The point of the window where a point of the canvas is seen. */
export const windowPoint = (at: readonly [number, number]): readonly [number, number] => {
  const point = flow?.flowToScreenPosition({ x: at[0], y: at[1] }) ?? { x: at[0], y: at[1] };
  return [point.x, point.y];
};

export const focusCanvas = (): void => pane?.querySelector<HTMLElement>("[data-canvas]")?.focus({ preventScroll: true });

/** Opens the graph where a node is, selects it and shows it. */
export function goTo(graph: string, node: string | undefined): void {
  const state = useDocument.getState();
  if (openGraph(state) !== graph) {
    if (graph === "") state.leave(0);
    else state.enter(graph);
  }
  if (node === undefined) return;
  useDocument.getState().select([node]);
  setCanvas({ hovered: undefined });
  afterDraw(() => {
    reveal(node);
    focusCanvas();
  });
}
