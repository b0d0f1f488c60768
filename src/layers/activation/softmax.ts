import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** exp(x) made to sum to one over the last axis. */
export const softmax = defineLayer({
  type: "softmax",
  title: "Softmax",
  family: "activation",
  book: "5.5",
  aliases: ["probabilities", "classification"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor; its last axis becomes probabilities." } },
  outputs: ["y"],
  infer: ({ x }) =>
    x.shape.length === 0
      ? problem("A single number has no axis to share a sum over.", { port: "x", expected: "[…, classes]", received: formatShape(x.shape) })
      : { y: f32(...x.shape) },
  apply: ({ x }) => ({ y: tf.softmax(x) }),
  explain: {
    summary: "Turns scores into probabilities. Not before a cross-entropy loss: that one takes scores.",
    equation: "\\operatorname{softmax}_k[\\mathbf{x}] = \\frac{\\exp x_k}{\\sum_{k'} \\exp x_{k'}}",
  },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 5) } }],
});
