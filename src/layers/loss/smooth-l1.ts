import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";
import { pairProblem, reductionParam } from "./pairs.ts";
import { reduce } from "./reduce.ts";

/** d²/2β where |d| < β, else |d| − β/2, over an example by mean or sum, over the batch by mean: `[batch, …]` twice → a number. β times this is Huber's loss. */
export const smoothL1 = defineLayer({
  type: "loss.smooth-l1",
  title: "Smooth L1",
  family: "loss",
  book: "10.5.2",
  aliases: ["huber", "robust regression", "bounding boxes", "absolute error"],
  role: "loss",
  params: z.object({
    beta: real({ min: 0.001, default: 1, help: "Errors smaller than this count squared, larger ones by their size." }),
    reduction: reductionParam,
  }),
  inputs: {
    x: { dtype: "float32", help: "The prediction." },
    target: { dtype: "float32", help: "What it should be, in the same shape." },
  },
  outputs: ["loss"],
  infer: ({ x, target }) => pairProblem(x, target) ?? { loss: f32() },
  apply({ x, target }, _w, { beta, reduction }) {
    const distance = tf.abs(tf.sub(x, target));
    // With m = min(|d|, β), both cases are m (|d| − m/2) / β.
    const near = tf.minimum(distance, beta);
    return { loss: tf.div(reduce(tf.mul(near, tf.sub(distance, tf.mul(near, 0.5))), reduction), beta) };
  },
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ beta, reduction }) => `β ${beta} · ${reduction}`,
  explain: {
    summary: "Squared for small errors, absolute for large ones: outliers do not rule.",
    equation: "L = \\begin{cases} d^2 / 2\\beta & |d| < \\beta \\\\ |d| - \\beta / 2 & \\text{else} \\end{cases}",
  },
  examples: [
    { inputs: { x: f32("batch", 3), target: f32("batch", 3) } },
    { params: { beta: 0.2, reduction: "sum" }, inputs: { x: f32("batch", 2, 4), target: f32("batch", 2, 4) } },
  ],
});
