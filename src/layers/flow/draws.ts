import * as tf from "@tensorflow/tfjs-core";
import { formatShape, type Shape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** Several draws for each example lie along axis 1: `[batch, draws, features]` beside what belongs to the example, `[batch, features]`. */

/** Why two vectors cannot be compared feature by feature, one of them perhaps drawn several times; undefined if they can. */
export function drawsProblem(port: string, x: TensorType, y: TensorType): LayerProblem | undefined {
  const told = { port, expected: `${formatShape(x.shape)}, or several draws of it`, received: formatShape(y.shape) };
  if (typeof x.shape.at(-1) !== "number" || x.shape.at(-1) !== y.shape.at(-1)) return problem("Both need the same fixed number of features.", told);
  if (x.shape[0] !== y.shape[0]) return problem("Both need the same examples.", told);
  if (x.shape.length === 3 && y.shape.length === 3 && x.shape[1] !== y.shape[1]) return problem("Both need the same number of draws.", told);
  return undefined;
}

/** The shape that two such tensors have together, without the features: `[batch]` or `[batch, draws]`. */
export const withoutFeatures = (...all: readonly TensorType[]): Shape =>
  all.reduce((widest, { shape }) => (shape.length > widest.length ? shape : widest), [] as Shape).slice(0, -1);

/** The same numbers with an axis for draws where there are draws: `[batch, features]` → `[batch, 1, features]`. */
export function alongDraws(x: tf.Tensor, rank: number): tf.Tensor {
  const [batch, features] = x.shape as [number, number];
  return x.rank === 2 && rank === 3 ? tf.reshape(x, [batch, 1, features]) : x;
}
