import * as tf from "@tensorflow/tfjs-core";

/**
 * What attention is made of: projections, heads, and the biases that forbid.
 * The batch is always written −1, so that a recorded program fits batches of any size.
 */

/** Added to a score that must not count: e^(−10⁹) is 0 in float32, and unlike −∞ it stays finite when a whole row is forbidden. */
const forbidden = -1e9;

/** A linear map of the last axis: `[batch, tokens, in] → [batch, tokens, out]`, as one matrix product. */
export function project(x: tf.Tensor, kernel: tf.Tensor | undefined, bias: tf.Tensor | undefined): tf.Tensor {
  const [, tokens, size] = x.shape as [number, number, number];
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, size]);
  const y = tf.fused.matMul({ a: rows, b: kernel as tf.Tensor2D, ...(bias && { bias }) });
  return tf.reshape(y, [-1, tokens, y.shape[1] as number]);
}

/** `[batch, tokens, parts · heads · size]` → `parts` tensors `[batch, heads, tokens, size]`, with one transposition for all. */
export function splitHeads(x: tf.Tensor, heads: number, parts: number): tf.Tensor[] {
  const [, tokens, width] = x.shape as [number, number, number];
  const grouped = tf.transpose(tf.reshape(x, [-1, tokens, parts * heads, width / (parts * heads)]), [0, 2, 1, 3]);
  return parts === 1 ? [grouped] : tf.split(grouped, parts, 1);
}

/** `[batch, heads, tokens, size] → [batch, tokens, heads · size]`. */
export function mergeHeads(x: tf.Tensor): tf.Tensor {
  const [, heads, tokens, size] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [-1, tokens, heads * size]);
}

/** `[tokens, keys]`: forbids what comes later. The array is kept from one step to the next. */
export function causalBias(tokens: number, keys: number): tf.Tensor {
  if (last?.tokens !== tokens || last.keys !== keys) {
    const values = new Float32Array(tokens * keys);
    for (let i = 0; i < tokens; i++) values.fill(forbidden, i * keys + Math.min(i + 1, keys), (i + 1) * keys);
    last = { tokens, keys, values };
  }
  return tf.tensor2d(last.values, [tokens, keys]);
}
let last: { readonly tokens: number; readonly keys: number; readonly values: Float32Array } | undefined;

/** `[batch, keys]` of ones and zeros → `[batch, 1, 1, keys]`: forbids where the mask is 0. No gradient flows to the mask. */
export function maskBias(mask: tf.Tensor): tf.Tensor {
  const allowed = tf.step(tf.sub(tf.cast(mask, "float32"), 0.5));
  return tf.reshape(tf.mul(tf.sub(1, allowed), forbidden), [-1, 1, 1, mask.shape[1] as number]);
}
