import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { jointDistances, jointPorts, jointProblem } from "./joints.ts";

/** The mean distance between the highest point of each heat map and the true joint, in pixels of the heat map. */
export const jointError = defineLayer({
  type: "metric.joint-error",
  title: "Joint error",
  family: "loss",
  book: "11.5.3",
  aliases: ["pose estimation", "key points", "heat map", "distance"],
  role: "metric",
  params: z.object({}),
  inputs: jointPorts,
  outputs: ["value"],
  infer: ({ x, target }) => jointProblem(x, target) ?? { value: f32() },
  apply: ({ x, target }) => ({ value: tf.mean(jointDistances(x, target)) }),
  better: "lower",
  differentiable: false,
  explain: {
    summary: "How far the peaks of heat maps are from the joints, in pixels.",
    equation: "\\frac{1}{J}\\sum_j \\big\\|\\operatorname*{argmax}_{\\mathbf{p}} h_j[\\mathbf{p}] - \\mathbf{p}_j\\big\\|",
  },
  examples: [{ inputs: { x: f32("batch", 3, 4, 2), target: f32("batch", 2, 2) } }],
});
