import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { labelPorts, labelProblem } from "./labels.ts";

/** The share of sequences that are right at every position that counts: logits `[batch, tokens, classes]`, labels `[batch, tokens]`. */
export const exactMatch = defineLayer({
  type: "metric.exact-match",
  title: "Exact match",
  family: "loss",
  book: "12.8",
  aliases: ["whole sequence", "translation", "sequence accuracy", "word accuracy"],
  role: "metric",
  params: z.object({}),
  inputs: labelPorts,
  outputs: ["value"],
  infer({ x, label, mask }) {
    const fault = labelProblem(x, label, mask);
    if (fault) return fault;
    if (label.shape.length < 2)
      return problem("One label an example is no sequence: use accuracy.", {
        port: "label",
        expected: "[batch, tokens]",
        received: formatShape(label.shape),
      });
    return { value: f32() };
  },
  apply({ x, label, mask }) {
    const wrong = tf.cast(tf.notEqual(tf.argMax(x, -1), label), "float32");
    const counted = mask ? tf.mul(wrong, tf.cast(mask, "float32")) : wrong;
    const inExample = tf.max(tf.reshape(counted, [label.shape[0] as number, -1]), 1);
    return { value: tf.mean(tf.sub(1, tf.step(inExample))) };
  },
  better: "higher",
  differentiable: false,
  explain: {
    summary: "How often a whole sequence is right, token by token given the true ones before it.",
    equation: "\\frac{1}{I}\\sum_i \\prod_n \\big[\\operatorname*{argmax}_k f_{nk}[\\mathbf{x}_i] = y_{in}\\big]",
  },
  examples: [
    { inputs: { x: f32("batch", 4, 3), label: i32(["batch", 4], 3) } },
    { inputs: { x: f32("batch", 3, 4), label: i32(["batch", 3]), mask: f32("batch", 3) } },
  ],
});
