import { f32, formatShape, sameShape, type TensorType } from "../../tensor/types.ts";
import { isProblem, type LayerMend, type LayerProblem, problem } from "../contract.ts";
import { broadcastInputs } from "./broadcast.ts";

/**
 * What adding needs, and what to do about a tensor that does not fit. Unlike other operations a sum does not repeat one channel over
 * many: on a skip connection that is a mistake.
 */
export function addedInputs(inputs: readonly TensorType[]): { y: TensorType } | LayerProblem {
  const shape = broadcastInputs({ x: inputs }, "added");
  const channels = inputs.filter((type) => type.shape.length > 0).map((type) => type.shape.at(-1));
  if (!isProblem(shape) && new Set(channels).size <= 1) return { y: f32(...shape) };
  const [first] = inputs;
  const odd = inputs.findIndex((type) => !sameShape(type.shape, (first as TensorType).shape));
  if (isProblem(shape) && (first === undefined || odd < 0 || shape.mend)) return shape;
  const mend = projection(first as TensorType, inputs[odd] as TensorType, odd);
  return problem("Only tensors of the same shape can be added.", {
    port: "x",
    expected: formatShape((first as TensorType).shape),
    received: inputs.map((type) => formatShape(type.shape)).join(" and "),
    ...(mend && { mend }),
  });
}

/** Where only the channels differ, a 1×1 convolution (or a linear layer) on that wire brings them to the first wire's number. */
function projection(first: TensorType, received: TensorType, wire: number): LayerMend | undefined {
  const channels = first.shape.at(-1);
  const rank = first.shape.length;
  if (typeof channels !== "number" || rank < 2 || !sameShape(first.shape.slice(0, -1), received.shape.slice(0, -1))) return undefined;
  if (typeof received.shape.at(-1) !== "number") return undefined;
  const at = { kind: "insert", port: "x", wire } as const;
  if (rank === 4)
    return { ...at, label: `Insert a 1×1 convolution to ${channels} channels`, type: "conv2d", params: { filters: channels, kernel: 1 } };
  return { ...at, label: `Insert a linear layer with ${channels} units`, type: "dense", params: { units: channels } };
}
