import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flag } from "../params.ts";
import { epsilonParam, pointwiseCost, withChannels } from "./channels.ts";
import { byRunning, momentumParam, moved } from "./running.ts";

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
    momentum: momentumParam,
    epsilon: epsilonParam,
    scale: flag({ default: true, help: "Learn a scale for each channel (γ)." }),
    offset: flag({ default: true, help: "Learn an offset for each channel (δ)." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis holds the channels." } },
  outputs: ["y"],
  infer: ({ x }) => withChannels(x, "Batch normalisation"),
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
    if (!ctx.training) return { y: byRunning(x, w.mean, tf.rsqrt(tf.add(w.variance, epsilon)), w) };
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), axes);
    ctx.update("mean", moved(w.mean, mean, momentum));
    ctx.update("variance", moved(w.variance, variance, momentum));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const y = tf.mul(centred, w.gamma ? tf.mul(inverse, w.gamma) : inverse);
    return { y: w.delta ? tf.add(y, w.delta) : y };
  },
  cost: ({ x }) => pointwiseCost(x),
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
