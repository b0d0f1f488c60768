import * as tf from "@tensorflow/tfjs-core";
import { f32, formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem, type WeightSpec } from "../contract.ts";
import { flag, real } from "../params.ts";

/** What the normalisations share: a channel axis at the end, and a scale and an offset for each channel. */

export const epsilonParam = real({
  min: 1e-8,
  max: 1,
  default: 1e-5,
  help: "Added to the variance, so that what does not vary does not divide by zero.",
});
export const affineParam = flag({ default: true, help: "Learn a scale (γ) and an offset (δ) for each channel." });

/** What arrives if its last axis has a fixed size, else why it cannot be normalised. */
export function withChannels({ shape }: TensorType, title: string): { y: TensorType } | LayerProblem {
  if (shape.length < 2 || typeof shape.at(-1) !== "number")
    return problem(`${title} needs a batch axis and a fixed number of channels.`, {
      port: "x",
      expected: "[batch, …, channels]",
      received: formatShape(shape),
    });
  return { y: f32(...shape) };
}

/** Scale and offset of each channel, where they are wanted. */
export function affineWeights(
  { shape }: TensorType,
  affine: boolean,
): { readonly gamma: WeightSpec | undefined; readonly delta: WeightSpec | undefined } {
  const size = [shape.at(-1) as number];
  return { gamma: affine ? { shape: size, init: "ones" } : undefined, delta: affine ? { shape: size, init: "zeros" } : undefined };
}

/** γ ⊙ y + δ, or y itself. */
export function scaleAndShift(y: tf.Tensor, w: { readonly gamma?: tf.Tensor | undefined; readonly delta?: tf.Tensor | undefined }): tf.Tensor {
  return w.gamma && w.delta ? tf.add(tf.mul(y, w.gamma), w.delta) : y;
}

/** To mean 0 and variance 1 over these axes (biased variance). */
export function standardise(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

/** One operation for each number of an example. */
export const pointwiseCost = ({ shape }: TensorType): number => shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1);
