import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import type { PortInfo } from "../editor/node-info.ts";
import { setCanvas, useCanvas } from "./store.ts";

type Props = {
  node: string;
  port: PortInfo;
  side: "in" | "out";
  /** Something arrives (or must not): the port is filled, or asks for a wire. */
  state?: "free" | "wired" | "missing" | "wrong";
};

/** The dot where a wire begins or ends. Its name shows on hover, and why it is marked if it is. */
export const PortDot = memo(function PortDot({ node, port, side, state = "free" }: Props) {
  const end = node.includes(".") ? node : `${node}.${port.name}`;
  const allowed = useCanvas((canvas) => (canvas.allowed === undefined ? undefined : canvas.allowed.has(end)));
  const chosen = useCanvas((canvas) => canvas.wire !== undefined && canvas.wire.choices[canvas.wire.index]?.to === end);
  const held = useCanvas((canvas) => isHeld(canvas.dragging, end) || canvas.wire?.from === end);
  return (
    <Handle
      id={port.name}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Left : Position.Right}
      className="port"
      data-state={state}
      data-end={end}
      data-allowed={allowed}
      data-chosen={chosen || undefined}
      data-held={held || undefined}
      onMouseEnter={() => setCanvas({ hoveredPort: end })}
      onMouseLeave={() => setCanvas({ hoveredPort: undefined })}
    />
  );
});

const isHeld = (dragging: { readonly from: string } | { readonly to: string } | undefined, end: string): boolean =>
  dragging !== undefined && ("from" in dragging ? dragging.from === end : dragging.to === end);
