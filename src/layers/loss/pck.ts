import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";
import { jointDistances, jointPorts, jointProblem } from "./joints.ts";

/** The percentage of correct key points, as a share: joints whose heat map peaks within a share of the picture's larger side of the true place. */
export const pck = defineLayer({
  type: "metric.pck",
  title: "Joints found (PCK)",
  family: "loss",
  book: "11.5.3",
  aliases: ["percentage of correct keypoints", "pose estimation", "key points", "heat map"],
  role: "metric",
  params: z.object({
    within: real({ min: 0.001, max: 1, default: 0.05, help: "How near is right, as a share of the heat map's larger side." }),
  }),
  inputs: jointPorts,
  outputs: ["value"],
  infer: ({ x, target }) => jointProblem(x, target) ?? { value: f32() },
  apply({ x, target }, _w, { within }) {
    const [, height, width] = x.shape as [number, number, number];
    return { value: tf.mean(tf.cast(tf.lessEqual(jointDistances(x, target), within * Math.max(height, width)), "float32")) };
  },
  better: "higher",
  differentiable: false,
  summary: ({ within }) => `within ${within}`,
  explain: {
    summary: "The share of joints found to within a small part of the picture.",
    equation: "\\frac{1}{J}\\sum_j \\big[\\|\\hat{\\mathbf{p}}_j - \\mathbf{p}_j\\| \\le \\alpha \\max(h, w)\\big]",
  },
  examples: [{ inputs: { x: f32("batch", 3, 4, 2), target: f32("batch", 2, 2) } }],
});
