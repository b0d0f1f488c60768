import * as tf from "@tensorflow/tfjs-core";

/**
 * Scales all gradients together so that their norm is at most `limit`: g ← g · min(1, limit/‖g‖)
 * (Pascanu et al., arXiv:1211.5063, algorithm 1). Nothing is read back. Call it inside a tidy.
 * @returns the gradients, and their norm before clipping, a scalar tensor
 */
export function clipByGlobalNorm(
  gradients: readonly (tf.Tensor | undefined)[],
  limit: number,
): { readonly gradients: (tf.Tensor | undefined)[]; readonly norm: tf.Scalar } {
  const squares = gradients.flatMap((gradient) => (gradient === undefined ? [] : [tf.sum<tf.Scalar>(tf.square(gradient))]));
  const norm: tf.Scalar = squares.length === 0 ? tf.scalar(0) : tf.sqrt(tf.addN(squares));
  const scale = tf.div(limit, tf.maximum(norm, limit));
  return { gradients: gradients.map((gradient) => gradient && tf.mul(gradient, scale)), norm };
}
