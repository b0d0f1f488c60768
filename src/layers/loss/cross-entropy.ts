import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";
import { labelPorts, labelProblem, maskedMean } from "./labels.ts";

/** −log softmax(x)[label], averaged over all positions: logits `[…, classes]`, labels `[…]` → a number, in nats. */
export const crossEntropy = defineLayer({
  type: "loss.cross-entropy",
  title: "Cross-entropy",
  family: "loss",
  book: "5.5",
  aliases: ["multiclass", "classification", "softmax loss", "negative log-likelihood", "nll"],
  role: "loss",
  params: z.object({
    smoothing: real({ min: 0, max: 0.999, default: 0, help: "Label smoothing: this share of each label's weight is spread over all classes." }),
  }),
  inputs: labelPorts,
  outputs: ["loss"],
  infer: ({ x, label, mask }) => labelProblem(x, label, mask) ?? { loss: f32() },
  apply({ x, label, mask }, _w, { smoothing }) {
    return { loss: meanSurprise(x, label, mask, smoothing) };
  },
  weighedBy: "mask",
  summary: ({ smoothing }) => (smoothing > 0 ? `smoothing ${smoothing}` : ""),
  explain: {
    summary: "How surprised the model is by the true class; the softmax is inside.",
    equation: "L = -\\frac{1}{I}\\sum_{i}\\log\\frac{\\exp f_{y_i}[\\mathbf{x}_i]}{\\sum_{k}\\exp f_k[\\mathbf{x}_i]}",
  },
  examples: [
    { inputs: { x: f32("batch", 4), label: i32(["batch"], 4) } },
    { params: { smoothing: 0.1 }, inputs: { x: f32("batch", 3), label: i32(["batch"]) } },
    { inputs: { x: f32("batch", 5, 3), label: i32(["batch", 5], 3), mask: f32("batch", 5) } },
  ],
});

/** −log softmax(x)[label], averaged over the positions that the mask counts, with the label's weight smoothed over all classes. */
export function meanSurprise(x: tf.Tensor, label: tf.Tensor, mask: tf.Tensor | undefined, smoothing = 0): tf.Tensor {
  const classes = x.shape.at(-1) as number;
  const logs = tf.logSoftmax(x);
  // Whole numbers first: tfjs's wasm kernel writes the bits of integers even where floats are asked for.
  const hot = tf.cast(tf.oneHot(label as tf.Tensor1D, classes), "float32");
  const weights = smoothing > 0 ? tf.add(tf.mul(hot, 1 - smoothing), smoothing / classes) : hot;
  return tf.neg(maskedMean(tf.sum(tf.mul(logs, weights), -1), mask));
}
