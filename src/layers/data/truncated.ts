import * as tf from "@tensorflow/tfjs-core";

/** erf by Abramowitz and Stegun, 7.1.26: to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}

const central = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -0.00000439150654, -0.0000035233877, 3.43273939e-7, 2.81022636e-8,
];
const outer = [2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322, 0.000100950558, -0.000200214257];

/** The inverse of erf, for −1 < x < 1 (Giles 2012, for single precision). */
function inverseErf(x: tf.Tensor): tf.Tensor {
  const w = tf.neg(tf.log(tf.sub(1, tf.square(x))));
  const polynomial = (coefficients: readonly number[], at: tf.Tensor) =>
    coefficients.toReversed().reduce<tf.Tensor>((sum, coefficient) => tf.add(tf.mul(sum, at), coefficient), tf.zerosLike(at));
  return tf.mul(x, tf.where(tf.less(w, 5), polynomial(central, tf.sub(w, 2.5)), polynomial(outer, tf.sub(tf.sqrt(w), 3))));
}

/** Standard normal numbers that lie between −most and most, out of numbers that are uniform between 0 and 1. */
export function truncatedNormal(uniform: tf.Tensor, most: number): tf.Tensor {
  // The largest uniform number in single precision must stay below 1.
  const reach = Math.min(erf(most / Math.SQRT2), 1 - 1e-6);
  return tf.mul(inverseErf(tf.mul(tf.sub(tf.mul(uniform, 2), 1), reach)), Math.SQRT2);
}
