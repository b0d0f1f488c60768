import { elementsPerExample, formatShape, sameShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";
import { choice } from "../params.ts";

/** What losses that compare a prediction with a target of the same shape share. */

export const reductionParam = choice(["mean", "sum"], {
  help: "Over one example's numbers: their mean, or their sum as a log-likelihood has it. Over the batch it is always the mean.",
});

/** Why a prediction and its target cannot be compared; undefined if they can. */
export function pairProblem(x: TensorType, target: TensorType): LayerProblem | undefined {
  if (x.shape.length === 0)
    return problem("There is no batch axis to average over.", { port: "x", expected: "[batch, …]", received: "a single number" });
  if (sameShape(x.shape, target.shape)) return undefined;
  const told = { port: "x", expected: formatShape(target.shape), received: formatShape(x.shape) };
  const text = "Prediction and target must have the same shape.";
  const sizes = target.shape.slice(1);
  if (x.shape[0] !== target.shape[0] || sizes.some((dim) => typeof dim !== "number") || x.shape.slice(1).some((dim) => typeof dim !== "number"))
    return problem(text, told);
  if (elementsPerExample(x.shape) === elementsPerExample(target.shape))
    return problem(text, {
      ...told,
      mend: { label: `Insert a reshape to ${formatShape(target.shape)}`, kind: "insert", port: "x", type: "reshape", params: { shape: sizes } },
    });
  const units = target.shape.at(-1);
  if (typeof units !== "number" || x.shape.length < 2 || !sameShape(x.shape.slice(0, -1), target.shape.slice(0, -1))) return problem(text, told);
  return problem(text, {
    ...told,
    mend: { label: `Insert a linear layer with ${units} units`, kind: "insert", port: "x", type: "dense", params: { units } },
  });
}
