import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { pairProblem, reductionParam } from "./pairs.ts";
import { reduce } from "./reduce.ts";

/** (x − target)², over an example by mean or sum, over the batch by mean: `[batch, …]` twice → a number. */
export const squaredError = defineLayer({
  type: "loss.squared-error",
  title: "Squared error",
  family: "loss",
  book: "5.3",
  aliases: ["mse", "mean squared error", "least squares", "regression", "l2"],
  role: "loss",
  params: z.object({ reduction: reductionParam }),
  inputs: {
    x: { dtype: "float32", help: "The prediction." },
    target: { dtype: "float32", help: "What it should be, in the same shape." },
  },
  outputs: ["loss"],
  infer: ({ x, target }) => pairProblem(x, target) ?? { loss: f32() },
  apply: ({ x, target }, _w, { reduction }) => ({ loss: reduce(tf.square(tf.sub(x, target)), reduction) }),
  summary: ({ reduction }) => reduction,
  explain: {
    summary: "The squared distance between prediction and target.",
    equation: "L = \\frac{1}{I}\\sum_i \\big(\\mathbf{f}[\\mathbf{x}_i] - \\mathbf{y}_i\\big)^2",
  },
  examples: [
    { inputs: { x: f32("batch", 3), target: f32("batch", 3) } },
    { params: { reduction: "sum" }, inputs: { x: f32("batch", 2, 2, 1), target: f32("batch", 2, 2, 1) } },
    { inputs: { x: f32("batch"), target: f32("batch") } },
  ],
});
