import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { labelPorts, labelProblem, maskedMean } from "./labels.ts";

/** The share of positions whose largest logit is at the label: logits `[…, classes]`, labels `[…]` → a number from 0 to 1. */
export const accuracy = defineLayer({
  type: "metric.accuracy",
  title: "Accuracy",
  family: "loss",
  book: "8.1",
  aliases: ["error rate", "classification", "percent correct"],
  role: "metric",
  params: z.object({}),
  inputs: labelPorts,
  outputs: ["value"],
  infer: ({ x, label, mask }) => labelProblem(x, label, mask) ?? { value: f32() },
  apply: ({ x, label, mask }) => ({ value: maskedMean(tf.cast(tf.equal(tf.argMax(x, -1), label), "float32"), mask) }),
  weighedBy: "mask",
  better: "higher",
  differentiable: false,
  explain: {
    summary: "How often the class with the largest score is the true one.",
    equation: "\\frac{1}{I}\\sum_i \\big[\\operatorname*{argmax}_k f_k[\\mathbf{x}_i] = y_i\\big]",
  },
  examples: [
    { inputs: { x: f32("batch", 4), label: i32(["batch"], 4) } },
    { inputs: { x: f32("batch", 3), label: i32(["batch"]), mask: f32("batch") } },
  ],
});
