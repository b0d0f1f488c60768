import * as tf from "@tensorflow/tfjs-core";

/** Numbers of every example `[batch, …]` to one number: mean or sum over an example, then the mean over the batch. */
export function reduce(values: tf.Tensor, reduction: "mean" | "sum"): tf.Tensor {
  if (reduction === "mean") return tf.mean(values);
  return tf.div(tf.sum(values), values.shape[0] as number);
}
