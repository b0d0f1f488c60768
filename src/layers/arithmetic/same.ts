import { f32, formatShape, sameShape, type TensorType } from "../../tensor/types.ts";
import { type LayerMend, type LayerProblem, problem } from "../contract.ts";

/** What adding and multiplying share: inputs of one shape, and what to do about one that differs. */
export function sameInputs(inputs: readonly TensorType[], verb: string): { y: TensorType } | LayerProblem {
  const [first] = inputs;
  if (!first) return problem(`There is nothing to ${verb} yet.`, { port: "x", expected: "one wire or more" });
  const odd = inputs.findIndex((type) => !sameShape(type.shape, first.shape));
  if (odd < 0) return { y: f32(...first.shape) };
  const received = inputs[odd] as TensorType;
  const mend = projection(first, received, odd);
  return problem(`Only tensors of the same shape can be ${verb === "add" ? "added" : "multiplied"}.`, {
    port: "x",
    expected: formatShape(first.shape),
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
