import { formatShape, type TensorType } from "../../src/tensor/types.ts";
import { formatExact } from "../editor/format.ts";

/** What is told of a wire that is pointed at or selected: its ends, and what flows through it. */
export function WireFacts({ from, to, type }: { from: string; to: string; type: TensorType | undefined }) {
  return (
    <>
      <span className="wire-ends">{`${from} → ${to}`}</span>
      <span>{type ? formatShape(type.shape) : "shape unknown"}</span>
      {type?.dtype === "int32" && <span className="wire-ends">{type.classes ? `${formatExact(type.classes)} classes` : "int32"}</span>}
    </>
  );
}
