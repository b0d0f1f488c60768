import { type ReactFlowInstance, useNodesInitialized, type Viewport } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useDocument } from "../stores/document.ts";
import { setCanvas } from "./store.ts";
import type { CanvasNode } from "./use-flow.ts";

/** Each graph keeps its view: coming back to one shows it as it was left; one seen for the first time is fitted. */
export function useViews(flow: ReactFlowInstance<CanvasNode>, graph: string, filled: boolean): void {
  const session = useDocument((state) => state.session);
  const ready = useNodesInitialized();
  const views = useRef(new Map<string, Viewport>());
  const shown = useRef<string | undefined>(undefined);
  const key = `${session}/${graph}`;
  useEffect(() => {
    if (!ready && filled) return;
    if (shown.current === key) return;
    if (shown.current !== undefined) views.current.set(shown.current, flow.getViewport());
    shown.current = key;
    const known = views.current.get(key);
    if (known) void flow.setViewport(known);
    else if (filled) void flow.fitView({ padding: 0.12, maxZoom: 1 });
    else void flow.setViewport({ x: 80, y: 80, zoom: 1 });
    setCanvas({ zoom: flow.getZoom(), wire: undefined, dropSearch: undefined, renaming: undefined });
  }, [flow, key, ready, filled]);
}
