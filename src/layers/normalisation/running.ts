import * as tf from "@tensorflow/tfjs-core";
import { real } from "../params.ts";

/** Running statistics, which stand in for the batch's own where there is no batch: in evaluation and export. */

export const momentumParam = real({ min: 0, max: 0.9999, default: 0.9, help: "Share of the running statistics kept at each step." });

/** What a running statistic becomes: momentum · before + (1 − momentum) · now. */
export const moved = (before: tf.Tensor, now: tf.Tensor, momentum: number): tf.Tensor => tf.add(tf.mul(before, momentum), tf.mul(now, 1 - momentum));

/** x standardised by statistics that are given, one for each channel, then scaled and shifted: a multiplication and an addition. */
export function byRunning(
  x: tf.Tensor,
  mean: tf.Tensor,
  inverseDeviation: tf.Tensor,
  w: { readonly gamma?: tf.Tensor | undefined; readonly delta?: tf.Tensor | undefined },
): tf.Tensor {
  const factor = w.gamma ? tf.mul(inverseDeviation, w.gamma) : inverseDeviation;
  const shift = tf.neg(tf.mul(mean, factor));
  return tf.add(tf.mul(x, factor), w.delta ? tf.add(w.delta, shift) : shift);
}
