import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flag, real } from "../params.ts";
import { labelPorts, labelProblem } from "./labels.ts";

/**
 * 1 − mean over classes of (2 Σ p y + s) / (Σ p + Σ y + s), p the softmax of the logits `[…, classes]`, y 1 at the labels `[…]`; sums go over all positions
 * of the batch (Milletari et al., 2016, without squares). Small regions weigh as much as large ones.
 */
export const dice = defineLayer({
  type: "loss.dice",
  title: "Dice loss",
  family: "loss",
  book: "11.5.3",
  aliases: ["segmentation", "overlap", "f1", "sorensen"],
  role: "loss",
  params: z.object({
    smooth: real({ min: 1e-6, max: 1000, default: 1, help: "Added above and below the line, so that an absent class does not divide by zero." }),
    ground: flag({ default: true, help: "Count class 0 too, which is often the ground that everything lies on." }),
  }),
  inputs: labelPorts,
  outputs: ["loss"],
  infer: ({ x, label, mask }) => labelProblem(x, label, mask) ?? { loss: f32() },
  apply({ x, label, mask }, _w, { smooth, ground }) {
    const classes = x.shape.at(-1) as number;
    const counted = (values: tf.Tensor) => (mask ? tf.mul(values, tf.reshape(tf.cast(mask, "float32"), [-1, 1])) : values);
    const share = counted(tf.reshape(tf.softmax(x), [-1, classes]));
    // Whole numbers first: tfjs's wasm kernel writes the bits of integers even where floats are asked for.
    const hot = counted(tf.cast(tf.oneHot(tf.reshape(label, [-1]) as tf.Tensor1D, classes), "float32"));
    const above = tf.add(tf.mul(tf.sum(tf.mul(share, hot), 0), 2), smooth);
    const below = tf.add(tf.add(tf.sum(share, 0), tf.sum(hot, 0)), smooth);
    const overlaps = tf.div(above, below);
    return { loss: tf.sub(1, tf.mean(ground ? overlaps : tf.slice(overlaps, 1))) };
  },
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ ground }) => (ground ? "" : "without class 0"),
  explain: {
    summary: "How little predicted regions and true ones overlap, class by class.",
    equation: "L = 1 - \\frac{1}{C}\\sum_c \\frac{2\\sum_i p_{ic}\\, y_{ic} + s}{\\sum_i p_{ic} + \\sum_i y_{ic} + s}",
  },
  examples: [
    { inputs: { x: f32("batch", 3, 2, 4), label: i32(["batch", 3, 2], 4) } },
    { params: { smooth: 0.1, ground: false }, inputs: { x: f32("batch", 5, 3), label: i32(["batch", 5], 3), mask: f32("batch", 5) } },
  ],
});
