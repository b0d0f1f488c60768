import * as tf from "@tensorflow/tfjs-core";

/**
 * What attention is made of: projections, heads, and the biases that forbid.
 * The batch is always written −1, so that a recorded program fits batches of any size.
 */

/** Added to a score that must not count: e^(−10⁹) is 0 in float32, and unlike −∞ it stays finite when a whole row is forbidden. */
export const forbidden = -1e9;

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

/**
 * `[heads, tokens, keys]`: what the table `[2 · reach + 1, heads]` says of the distance from each token to each key, distances beyond
 * the reach counting as the reach (relative positions as T5 has them: Raffel et al., 2020).
 * @param offset keys that stand before the first token
 */
export function relativeBias(table: tf.Tensor, tokens: number, keys: number, offset = 0): tf.Tensor {
  const reach = ((table.shape[0] as number) - 1) / 2;
  const rows = Int32Array.from({ length: tokens * keys }, (_, n) => {
    const distance = (n % keys) - Math.floor(n / keys) - offset;
    return Math.min(Math.max(distance, -reach), reach) + reach;
  });
  return biasFrom(table, rows, tokens, keys);
}

/** `[heads, tokens, keys]` from a table `[rows, heads]` and the row of each pair. */
export function biasFrom(table: tf.Tensor, rows: Int32Array, tokens: number, keys: number): tf.Tensor {
  const gathered = tf.gather(table, tf.tensor1d(rows, "int32"));
  return tf.reshape(tf.transpose(gathered, [1, 0]), [table.shape[1] as number, tokens, keys]);
}

/** `[batch, keys]` of ones and zeros → the same as real numbers, `[batch, 1, 1, keys]`. No gradient flows to the mask. */
export const allowedBy = (mask: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.step(tf.sub(tf.cast(mask, "float32"), 0.5)), [-1, 1, 1, mask.shape[1] as number]);

/** `[batch, keys]` of ones and zeros → `[batch, 1, 1, keys]`: forbids where the mask is 0. */
export const maskBias = (mask: tf.Tensor): tf.Tensor => tf.mul(tf.sub(1, allowedBy(mask)), forbidden);
