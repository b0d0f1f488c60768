import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { flag, real } from "../params.ts";

/**
 * Each channel to mean 0 and variance 1 over all other axes, then a learned scale and offset.
 * Training uses the batch's own statistics (biased variance) and moves the running ones; evaluation uses the running ones.
 */
export const batchNorm = defineLayer({
  type: "batch-norm",
  title: "Batch normalisation",
  family: "normalisation",
  book: "11.4",
  aliases: ["batchnorm", "bn", "normalization"],
  params: z.object({
    momentum: real({ min: 0, max: 0.9999, default: 0.9, help: "Share of the running statistics kept at each step." }),
    epsilon: real({ min: 1e-8, max: 1, default: 1e-5, help: "Added to the variance, so that a constant channel does not divide by zero." }),
    scale: flag({ default: true, help: "Learn a scale for each channel (γ)." }),
    offset: flag({ default: true, help: "Learn an offset for each channel (δ)." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis holds the channels." } },
  outputs: ["y"],
  infer({ x }) {
    if (x.shape.length < 2 || typeof x.shape.at(-1) !== "number")
      return problem("Batch normalisation needs a batch axis and a fixed number of channels.", {
        port: "x",
        expected: "[batch, …, channels]",
        received: formatShape(x.shape),
      });
    return { y: f32(...x.shape) };
  },
  weights({ x }, { scale, offset }) {
    const shape = [x.shape.at(-1) as number];
    return {
      gamma: scale ? { shape, init: "ones" } : undefined,
      delta: offset ? { shape, init: "zeros" } : undefined,
      mean: { shape, init: "zeros", trainable: false },
      variance: { shape, init: "ones", trainable: false },
    };
  },
  apply({ x }, w, { momentum, epsilon }, ctx) {
    if (!ctx.training) {
      const factor = scaled(tf.rsqrt(tf.add(w.variance, epsilon)), w.gamma);
      const shift = w.delta ? tf.sub(w.delta, tf.mul(w.mean, factor)) : tf.neg(tf.mul(w.mean, factor));
      return { y: tf.add(tf.mul(x, factor), shift) };
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), axes);
    ctx.update("mean", tf.add(tf.mul(w.mean, momentum), tf.mul(mean, 1 - momentum)));
    ctx.update("variance", tf.add(tf.mul(w.variance, momentum), tf.mul(variance, 1 - momentum)));
    const y = tf.mul(centred, scaled(tf.rsqrt(tf.add(variance, epsilon)), w.gamma));
    return { y: w.delta ? tf.add(y, w.delta) : y };
  },
  cost: ({ x }) => x.shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1),
  summary: ({ momentum }) => (momentum === 0.9 ? "" : `momentum ${momentum}`),
  explain: {
    summary: "Centres and scales each channel over the batch, then learns a scale and offset of its own.",
    equation: "h_i \\leftarrow \\gamma\\,\\frac{h_i - m_h}{\\sqrt{s_h^2 + \\epsilon}} + \\delta",
  },
  examples: [
    { inputs: { x: f32("batch", 3) } },
    { inputs: { x: f32("batch", 3, 4, 2) } },
    { params: { scale: false, offset: false, momentum: 0.5 }, inputs: { x: f32("batch", 5, 2) } },
  ],
});

const scaled = (factor: tf.Tensor, gamma: tf.Tensor | undefined): tf.Tensor => (gamma ? tf.mul(factor, gamma) : factor);
