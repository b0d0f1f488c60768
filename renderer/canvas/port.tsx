import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import { formatRank } from "../editor/format.ts";
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
      data-name={nameOf(port)}
      title={port.help || undefined}
      data-allowed={allowed}
      data-chosen={chosen || undefined}
      data-held={held || undefined}
      onMouseEnter={() => setCanvas({ hoveredPort: end })}
      onMouseLeave={() => setCanvas({ hoveredPort: undefined })}
    />
  );
});

/** What shows on hover: the name, and how many axes it wants where that is fixed. */
const nameOf = ({ name, rank, optional }: PortInfo): string =>
  `${name}${rank === undefined ? "" : ` · ${formatRank(rank)}`}${optional ? " · optional" : ""}`;

const isHeld = (dragging: { readonly from: string } | { readonly to: string } | undefined, end: string): boolean =>
  dragging !== undefined && ("from" in dragging ? dragging.from === end : dragging.to === end);
