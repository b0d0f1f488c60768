import * as tf from "@tensorflow/tfjs-core";

/** A function's value as a constant: nothing goes back through it, and what it is made of needs no gradients. */
export const held = (compute: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.customGrad((given) => ({ value: compute(given as tf.Tensor), gradFunc: () => tf.zerosLike(given as tf.Tensor) }))(x);

/**
 * A value that is no part of what gradients are taken of, whatever it is computed from: whole numbers among it, of which tfjs
 * would look for a gradient where they go on to pick rows.
 */
export const detached = (compute: () => tf.Tensor): tf.Tensor =>
  tf.customGrad((none) => ({ value: compute(), gradFunc: () => tf.zerosLike(none as tf.Tensor) }))(tf.scalar(0));
