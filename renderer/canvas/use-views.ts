import { type ReactFlowInstance, useNodesInitialized, useStore, type Viewport } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useDocument } from "../stores/document.ts";
import { setCanvas } from "./store.ts";
import type { CanvasNode } from "./use-flow.ts";

/** Below this a graph is not shown whole at first: not even titles, which grow below half size, could be read. Its beginning is; the minimap tells of the rest. */
const legible = 0.36;
/** Between these the beginning is shown, as high as the canvas. */
const readable = 0.55;
const beginning = 0.8;

/**
 * Each graph keeps its view: coming back to one shows it as it was left; one seen for the first time is fitted.
 * @param count nodes on the canvas, @param expected nodes in the graph: the canvas follows a moment later
 */
export function useViews(flow: ReactFlowInstance<CanvasNode>, graph: string, count: number, expected: number): void {
  const session = useDocument((state) => state.session);
  const measured = useNodesInitialized();
  const room = useStore((state) => state.width * state.height);
  const views = useRef(new Map<string, Viewport>());
  const shown = useRef<string | undefined>(undefined);
  const key = `${session}/${graph}`;
  const ready = room > 0 && count === expected && (count === 0 || measured);
  useEffect(() => {
    if (shown.current === key) return;
    if (shown.current !== undefined && !views.current.has(key)) views.current.set(shown.current, flow.getViewport());
    // What this render knows may be of the graph before: only sizes that are there now count.
    if (!ready || !flow.getNodes().every((node) => node.measured?.width)) return;
    if (shown.current !== undefined) views.current.set(shown.current, views.current.get(shown.current) ?? flow.getViewport());
    shown.current = key;
    const known = views.current.get(key);
    views.current.delete(key);
    if (known) void flow.setViewport(known);
    else if (count > 0) showFirst(flow);
    else void flow.setViewport({ x: 80, y: 80, zoom: 1 });
    setCanvas({ zoom: flow.getZoom(), wire: undefined, dropSearch: undefined, renaming: undefined });
  }, [flow, key, ready, count]);
}

/** The whole graph if it is legible then, else its left end, in the middle of the height. */
function showFirst(flow: ReactFlowInstance<CanvasNode>): void {
  void flow.fitView({ padding: 0.1, maxZoom: 1 }).then(() => {
    const { zoom } = flow.getViewport();
    if (zoom >= legible) {
      setCanvas({ zoom });
      return;
    }
    const box = flow.getNodesBounds(flow.getNodes());
    const pane = document.querySelector("[data-canvas]")?.getBoundingClientRect();
    const height = pane?.height ?? 600;
    const fits = Math.min(beginning, Math.max(readable, (height - 80) / box.height));
    const y = box.height * fits <= height ? (height - box.height * fits) / 2 : 40;
    void flow.setViewport({ x: 40 - box.x * fits, y: y - box.y * fits, zoom: fits });
    setCanvas({ zoom: fits });
  });
}
