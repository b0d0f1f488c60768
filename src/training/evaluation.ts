import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";
import type { Split } from "../tensor/dataset.ts";
import type { DataFeeds } from "./feeds.ts";
import { breathe } from "./pacing.ts";
import type { ModelState } from "./state.ts";

/** Random draws in evaluation come from streams of their own, the same at every evaluation, so that curves can be compared. */
export const evaluationSeed = (seed: number): number => (seed ^ 0x5eed) >>> 0;

export interface EvaluationOptions {
  /** Only the first so many examples. */
  readonly limit?: number;
  /** Asked between batches: true ends the evaluation without a result. */
  readonly abandon?: () => boolean;
}

/** Milliseconds until the rest of the thread gets its turn. */
const longest = 40;

/**
 * The means of a plan's scalar targets over a split, batch by batch, each batch weighted by its examples.
 * Everything stays on the device until the end; then one read. Long evaluations let messages have their turn; nothing may train meanwhile.
 * @returns one mean for each target; undefined if the split is empty or the evaluation was abandoned
 */
export async function evaluatePlan(
  plan: Plan,
  data: DataFeeds,
  state: ModelState,
  seed: number,
  split: Split,
  { limit, abandon }: EvaluationOptions,
): Promise<Float32Array | undefined> {
  const batches = data.evaluations(split, limit);
  if (batches === 0) return undefined;
  let total: tf.Tensor | undefined;
  let examples = 0;
  let rested = performance.now();
  try {
    for (let i = 0; i < batches; i++) {
      const sum: tf.Tensor = tf.tidy(() => {
        const fed = data.evaluation(plan.feeds, split, i, limit);
        examples += fed.batch;
        const { outputs } = plan.run({ ...fed, weights: state.weights, training: false, step: i, seed: evaluationSeed(seed) });
        const weighted = tf.mul(tf.stack(outputs), fed.batch);
        return tf.keep(total ? tf.add(total, weighted) : weighted);
      });
      total?.dispose();
      total = sum;
      if (performance.now() - rested < longest) continue;
      await breathe();
      if (abandon?.()) return undefined;
      rested = performance.now();
    }
    const sums = (await total?.data<"float32">()) ?? new Float32Array();
    return Float32Array.from(sums, (sum) => sum / examples);
  } finally {
    total?.dispose();
  }
}
