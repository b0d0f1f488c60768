import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";
import type { Split } from "../tensor/dataset.ts";
import type { DataFeeds } from "./feeds.ts";
import type { ModelState } from "./state.ts";

/** Random draws in evaluation come from streams of their own, the same at every evaluation, so that curves can be compared. */
export const evaluationSeed = (seed: number): number => (seed ^ 0x5eed) >>> 0;

/**
 * The means of a plan's scalar targets over a split, batch by batch, each batch weighted by its examples.
 * Everything stays on the device until the end; then one read.
 * @returns one mean for each target; undefined if the split is empty
 */
export async function evaluatePlan(
  plan: Plan,
  data: DataFeeds,
  state: ModelState,
  seed: number,
  split: Split,
  limit: number | undefined,
): Promise<Float32Array | undefined> {
  const batches = data.evaluations(split, limit);
  if (batches === 0) return undefined;
  const sums = tf.tidy(() => {
    let examples = 0;
    const totals: tf.Tensor[] = [];
    for (let i = 0; i < batches; i++) {
      const batch = tf.tidy(() => {
        const fed = data.evaluation(plan.feeds, split, i, limit);
        examples += fed.batch;
        const { outputs } = plan.run({ ...fed, weights: state.weights, training: false, step: i, seed: evaluationSeed(seed) });
        return tf.mul(tf.stack(outputs), fed.batch);
      });
      totals.push(batch);
    }
    return tf.div(totals.length === 1 ? (totals[0] as tf.Tensor) : tf.addN(totals), examples);
  });
  try {
    return Float32Array.from(await sums.data<"float32">());
  } finally {
    sums.dispose();
  }
}
