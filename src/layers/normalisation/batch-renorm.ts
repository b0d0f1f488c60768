import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { held } from "../held.ts";
import { real } from "../params.ts";
import { affineParam, affineWeights, epsilonParam, pointwiseCost, scaleAndShift, withChannels } from "./channels.ts";
import { byRunning, momentumParam, moved } from "./running.ts";

/**
 * Batch renormalisation (Ioffe, 2017): y = (x − m) / s · r + d, where r = s / s̄ and d = (m − m̄) / s̄ lead from the batch's statistics m, s to the
 * running ones m̄, s̄. r and d count as constants on the way back, and are bounded, so that early running statistics do no harm.
 */
export const batchRenorm = defineLayer({
  type: "batch-renorm",
  title: "Batch renormalisation",
  family: "normalisation",
  book: "11.4",
  aliases: ["batchrenorm", "renorm", "batchnorm", "normalization"],
  params: z.object({
    momentum: momentumParam,
    ratio: real({
      min: 1,
      max: 100,
      default: 3,
      title: "Largest ratio",
      help: "Bound on the ratio r of the deviations, and 1 over it; 1 with shift 0 is batch normalisation.",
    }),
    shift: real({ min: 0, max: 100, default: 5, title: "Largest shift", help: "Bound on the shift d between the means, in deviations." }),
    epsilon: epsilonParam,
    affine: affineParam,
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis holds the channels." } },
  outputs: ["y"],
  infer: ({ x }) => withChannels(x, "Batch renormalisation"),
  weights({ x }, { affine }) {
    const shape = [x.shape.at(-1) as number];
    return {
      ...affineWeights(x, affine),
      mean: { shape, init: "zeros", trainable: false },
      deviation: { shape, init: "ones", trainable: false },
    };
  },
  apply({ x }, w, { momentum, ratio, shift, epsilon }, ctx) {
    if (!ctx.training) return { y: byRunning(x, w.mean, tf.reciprocal(w.deviation), w) };
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), axes), epsilon));
    const r = held((now) => tf.clipByValue(tf.div(now, w.deviation), 1 / ratio, ratio), deviation);
    const d = held((now) => tf.clipByValue(tf.div(tf.sub(now, w.mean), w.deviation), -shift, shift), mean);
    ctx.update("mean", moved(w.mean, mean, momentum));
    ctx.update("deviation", moved(w.deviation, deviation, momentum));
    return { y: scaleAndShift(tf.add(tf.mul(centred, tf.div(r, deviation)), d), w) };
  },
  surrogate: true,
  cost: ({ x }) => pointwiseCost(x),
  summary: ({ ratio, shift }) => `r ≤ ${ratio} · |d| ≤ ${shift}`,
  explain: {
    summary: "Batch normalisation corrected towards the running statistics: for small or uneven batches.",
    equation:
      "h_i \\leftarrow \\gamma\\Bigl(\\frac{h_i - m_h}{s_h}\\, r + d\\Bigr) + \\delta, \\quad r = \\frac{s_h}{\\bar{s}},\\; d = \\frac{m_h - \\bar{m}}{\\bar{s}}",
  },
  examples: [
    { inputs: { x: f32("batch", 3) } },
    { inputs: { x: f32("batch", 3, 4, 2) } },
    { params: { ratio: 1, shift: 0, affine: false, momentum: 0.5 }, inputs: { x: f32("batch", 5, 2) } },
  ],
});
