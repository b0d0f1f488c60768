import { type Edge as FlowEdge, useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { typeAt } from "../editor/connect.ts";
import { shortShape } from "../editor/format.ts";
import type { Rect } from "../editor/place.ts";
import { useDocument } from "../stores/document.ts";
import { type LabelledWire, placeLabels } from "./labels.ts";
import { setCanvas, useCanvas } from "./store.ts";
import type { CanvasNode } from "./use-flow.ts";

/** Finds room for the wires' labels, a moment after the canvas has come to rest. */
export function useLabels(nodes: readonly CanvasNode[], edges: readonly FlowEdge[], graphName: string): void {
  const flow = useReactFlow<CanvasNode>();
  useEffect(() => {
    if (nodes.some((node) => node.dragging)) {
      if (useCanvas.getState().labels.size > 0) setCanvas({ labels: new Map() });
      return;
    }
    const place = () => {
      if (edges.length === 0) {
        if (useCanvas.getState().labels.size > 0) setCanvas({ labels: new Map() });
        return;
      }
      const { checked } = useDocument.getState();
      const rects = new Map<string, Rect>();
      for (const { id, position, measured } of nodes) rects.set(id, { ...position, width: measured?.width ?? 0, height: measured?.height ?? 0 });
      const wires = edges.flatMap(({ id, source, sourceHandle, target, targetHandle }): LabelledWire[] => {
        const output = id.slice(0, id.indexOf("->"));
        const from = portAt(flow, source, "source", sourceHandle);
        const to = portAt(flow, target, "target", targetHandle);
        const type = typeAt({ checked, graph: graphName }, output);
        return from && to && type && type.shape.length > 1 ? [{ id, from, to, text: shortShape(type.shape), source: output }] : [];
      });
      setCanvas({ labels: placeLabels(wires, rects.values()) });
    };
    let timer = setTimeout(place, 60);
    const stop = useDocument.subscribe((state, before) => {
      if (state.checked === before.checked) return;
      clearTimeout(timer);
      timer = setTimeout(place, 60);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [nodes, edges, graphName, flow]);
}

type Flow = ReturnType<typeof useReactFlow<CanvasNode>>;

/** The middle of a port on the canvas, once it has been measured. */
function portAt(flow: Flow, id: string, side: "source" | "target", port: string | null | undefined) {
  const node = flow.getInternalNode(id);
  const handle = node?.internals.handleBounds?.[side]?.find((one) => one.id === port);
  if (!node || !handle) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + handle.x + (side === "source" ? handle.width : 0), y: y + handle.y + handle.height / 2 };
}
