import * as tf from "@tensorflow/tfjs-core";
import { formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** Bounds and estimates of log Pr(x) from draws z of a posterior q: log-weights log w = log Pr(x|z) + log Pr(z) − log q(z|x) (UDL 17.4, 17.8). */

export const importancePorts = {
  joint: {
    many: true,
    rank: [1, 2],
    dtype: "float32",
    help: "Log-likelihood of the example and log-prior of the draw, added up: [batch, draws], or [batch] for one draw.",
  },
  posterior: { many: true, rank: [1, 2], dtype: "float32", help: "Log-density of the draw under what it was drawn from; several are added up." },
} as const;

interface Weighed<V> {
  readonly joint: readonly V[];
  readonly posterior: readonly V[];
}

/** Why log-weights cannot be added up; undefined if all have one shape. */
export function importanceProblem({ joint, posterior }: Weighed<TensorType>): LayerProblem | undefined {
  const shape = joint[0]?.shape ?? [];
  for (const [port, types] of Object.entries({ joint, posterior })) {
    const odd = types.find((type) => formatShape(type.shape) !== formatShape(shape));
    if (odd) return problem("All need the same examples and draws.", { port, expected: formatShape(shape), received: formatShape(odd.shape) });
  }
  if (shape.length === 2 && typeof shape[1] !== "number")
    return problem("The number of draws is not fixed.", { port: "joint", expected: "[batch, draws]", received: formatShape(shape) });
  return undefined;
}

/** log w of each draw: `[batch, draws]`. */
export function logWeights({ joint, posterior }: Weighed<tf.Tensor>): tf.Tensor {
  const sum = [...joint, ...posterior.map((density) => tf.neg(density))].reduce((total, term) => tf.add(total, term));
  return sum.rank === 1 ? tf.reshape(sum, [-1, 1]) : sum;
}

/** log (1/K) Σ w over K draws: `[batch, draws]` → `[batch]`. */
export const logMeanWeight = (weights: tf.Tensor): tf.Tensor => tf.sub(tf.logSumExp(weights, 1), Math.log(weights.shape[1] as number));
