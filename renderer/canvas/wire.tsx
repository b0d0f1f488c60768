import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { typeAt } from "../editor/connect.ts";
import { shortShape } from "../editor/format.ts";
import { canvasNode, nodeOf, portOf } from "../editor/graph.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { useCanvas } from "./store.ts";
import { WireFacts } from "./wire-facts.tsx";
import { curvePath, curvePoint, wireCurve } from "./wire-path.ts";

/** A wire with the shape of what flows through it. The label shows where it has room, and always on hover or selection. */
export const Wire = memo(function Wire({ id, sourceX, sourceY, targetX, targetY, selected }: EdgeProps) {
  const [from = "", to = ""] = id.split("->");
  const type = useDocument((state) => typeAt({ checked: state.checked, graph: openGraph(state) }, from));
  const wrong = useDocument((state) =>
    (state.checked.view(openGraph(state)).get(nodeOf(to))?.problems ?? []).some(
      (problem) => problem.severity === "error" && problem.place.port === portOf(to),
    ),
  );
  const near = useDocument((state) => state.selection.nodes.includes(canvasNode(from)) || state.selection.nodes.includes(canvasNode(to)));
  const hovered = useCanvas(
    (canvas) => canvas.dragging === undefined && (canvas.hovered === id || canvas.hoveredPort === from || canvas.hoveredPort === to),
  );
  const place = useCanvas((canvas) => canvas.labels.get(id));
  const curve = wireCurve({ x: sourceX, y: sourceY }, { x: targetX, y: targetY });
  const alone = useDocument((state) => state.selection.edges.length === 1 && state.selection.nodes.length === 0);
  const raised = hovered || (selected === true && alone);
  const at = place ?? (raised ? curvePoint(curve, 0.5) : undefined);
  const state = wrong ? "wrong" : selected ? "selected" : hovered ? "hovered" : near ? "near" : "calm";
  return (
    <>
      <BaseEdge id={id} path={curvePath(curve)} interactionWidth={18} className="wire" data-state={state} data-dtype={type?.dtype} />
      {at && (type || raised) && (
        <EdgeLabelRenderer>
          <div
            className="wire-label"
            data-state={state}
            data-raised={raised || undefined}
            style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
          >
            {raised ? <WireFacts from={from} to={to} type={type} /> : <span>{type && shortShape(type.shape)}</span>}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
