import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";
import { affineParam, affineWeights, epsilonParam, pointwiseCost, scaleAndShift, standardise, withChannels } from "./channels.ts";
import { byRunning, momentumParam, moved } from "./running.ts";

/**
 * Batch normalisation with the statistics of a part of the batch for each part (Hoffer et al., 2017; figure 11.14b): noisier,
 * so that a large batch regularises as a small one does. The running statistics move towards the mean over the parts.
 */
export const ghostBatchNorm = defineLayer({
  type: "ghost-batch-norm",
  title: "Ghost batch normalisation",
  family: "normalisation",
  book: "11.4",
  aliases: ["ghostnorm", "batchnorm", "normalization"],
  params: z.object({
    size: int({ min: 2, default: 16, help: "Examples in each part at least; the batch is cut into equal parts." }),
    momentum: momentumParam,
    epsilon: epsilonParam,
    affine: affineParam,
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis holds the channels." } },
  outputs: ["y"],
  infer: ({ x }) => withChannels(x, "Ghost batch normalisation"),
  weights({ x }, { affine }) {
    const shape = [x.shape.at(-1) as number];
    return {
      ...affineWeights(x, affine),
      mean: { shape, init: "zeros", trainable: false },
      variance: { shape, init: "ones", trainable: false },
    };
  },
  apply({ x }, w, { size, momentum, epsilon }, ctx) {
    if (!ctx.training) return { y: byRunning(x, w.mean, tf.rsqrt(tf.add(w.variance, epsilon)), w) };
    const parts = partsOf(x.shape[0] as number, size);
    const channels = x.shape.at(-1) as number;
    const apart = tf.reshape(x, [parts, x.size / (parts * channels), channels]);
    const { mean, variance } = tf.moments(apart, [1]);
    ctx.update("mean", moved(w.mean, tf.mean(mean, 0), momentum));
    ctx.update("variance", moved(w.variance, tf.mean(variance, 0), momentum));
    return { y: scaleAndShift(tf.reshape(standardise(apart, [1], epsilon), x.shape), w) };
  },
  cost: ({ x }) => pointwiseCost(x),
  summary: ({ size }) => `parts of ${size}`,
  explain: {
    summary: "Batch normalisation whose statistics come from a part of the batch, for more noise.",
    equation: "h_i \\leftarrow \\gamma\\,\\frac{h_i - m_{h}^{(g)}}{\\sqrt{s_{h}^{(g)\\,2} + \\epsilon}} + \\delta, \\quad i \\in \\text{part } g",
  },
  examples: [
    { params: { size: 2 }, inputs: { x: f32("batch", 3) } },
    { params: { size: 2, momentum: 0.5 }, inputs: { x: f32(4, 3, 2) } },
    { params: { affine: false }, inputs: { x: f32("batch", 4, 3, 2) } },
  ],
});

/** The largest number of equal parts of at least `size` examples. */
function partsOf(batch: number, size: number): number {
  let parts = Math.max(1, Math.floor(batch / size));
  while (batch % parts !== 0) parts--;
  return parts;
}
