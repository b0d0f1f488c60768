import { useReactFlow, ViewportPortal } from "@xyflow/react";
import { canvasNode, portOf } from "../editor/graph.ts";
import { useCanvas } from "./store.ts";
import { curvePath, wireCurve } from "./wire-path.ts";

/** The wire that the keyboard leads: dashed, to the input that Enter would choose. */
export function KeyboardWireLine() {
  const wire = useCanvas((canvas) => canvas.wire);
  const flow = useReactFlow();
  const choice = wire?.choices[wire.index];
  if (!wire || !choice) return null;
  const at = (end: string, side: "source" | "target") => {
    const node = flow.getInternalNode(canvasNode(end));
    const handle = node?.internals.handleBounds?.[side]?.find((one) => one.id === portOf(end));
    if (!node || !handle) return undefined;
    const { x, y } = node.internals.positionAbsolute;
    return { x: x + handle.x + handle.width / 2, y: y + handle.y + handle.height / 2 };
  };
  const from = at(wire.from, "source");
  const to = at(choice.to, "target");
  if (!from || !to) return null;
  return (
    <ViewportPortal>
      <svg className="keyboard-wire" aria-hidden="true">
        <path className="keyboard-wire-line" d={curvePath(wireCurve(from, to))} />
      </svg>
    </ViewportPortal>
  );
}
