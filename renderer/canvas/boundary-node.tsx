import type { NodeProps } from "@xyflow/react";
import { LogIn, LogOut } from "lucide-react";
import { memo } from "react";
import { nodeOf, portOf } from "../editor/graph.ts";
import { domId } from "./dom-id.ts";
import { PortDot } from "./port.tsx";

/** One of the open block's own ports: `in.x` gives to its inside, `out.y` takes from it. */
export const BoundaryNode = memo(function BoundaryNode({ id, selected }: NodeProps) {
  const inside = nodeOf(id) === "in";
  const Sign = inside ? LogIn : LogOut;
  return (
    <article
      id={domId(id)}
      className="boundary"
      data-selected={selected || undefined}
      aria-label={`${inside ? "Input" : "Output"} ${portOf(id)} of this block`}
    >
      <Sign size={14} aria-hidden="true" />
      <span>{portOf(id)}</span>
      <PortDot node={id} port={{ name: portOf(id) }} side={inside ? "out" : "in"} />
    </article>
  );
});
