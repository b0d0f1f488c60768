import { useConnection } from "@xyflow/react";
import { createPortal } from "react-dom";
import { canConnect } from "../editor/connect.ts";
import { endOf } from "./connecting.ts";
import { here, windowPoint } from "./controller.ts";
import { useCanvas } from "./store.ts";

/** While a wire is dragged over a port: why it cannot end there, or what it would take the place of. */
export function WireHint() {
  const over = useConnection((connection) =>
    connection.inProgress && connection.toHandle
      ? `${endOf(connection.toHandle.nodeId, connection.toHandle.id ?? "")} ${connection.toHandle.type} ${Math.round(connection.to.x)} ${Math.round(connection.to.y)}`
      : undefined,
  );
  const held = useCanvas((canvas) => canvas.dragging);
  if (over === undefined || held === undefined) return null;
  const [end = "", , x = "0", y = "0"] = over.split(" ");
  const verdict = "from" in held ? canConnect(here(), held.from, end) : canConnect(here(), end, held.to);
  const text = verdict.ok ? (verdict.replaces ? `Takes the place of ${verdict.replaces.from}` : undefined) : verdict.reason;
  if (text === undefined) return null;
  const [left, top] = windowPoint([Number(x), Number(y)]);
  return createPortal(
    <div className="wire-hint" data-ok={verdict.ok} role="status" style={{ left: left + 14, top: top + 16 }}>
      {text}
    </div>,
    document.body,
  );
}
