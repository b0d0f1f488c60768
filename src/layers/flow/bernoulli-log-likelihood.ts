import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { alongDraws, drawsProblem, withoutFeatures } from "./draws.ts";

/**
 * Σ t log p + (1 − t) log(1 − p) with p the sigmoid of the scores, in nats: `[batch, (draws,) features]` → `[batch(, draws)]`.
 * Targets between 0 and 1 count as the share of ones that they stand for, so that grey pixels may stay as they are.
 */
export const bernoulliLogLikelihood = defineLayer({
  type: "bernoulli-log-likelihood",
  title: "Bernoulli log-likelihood",
  family: "flow",
  book: "17.3",
  aliases: ["binary", "log probability", "pixels", "vae", "elbo", "iwae"],
  params: z.object({}),
  inputs: {
    x: { rank: [2, 3], dtype: "float32", help: "Scores before a sigmoid: [batch, features], or for several draws [batch, draws, features]." },
    target: { rank: [2, 3], dtype: "float32", help: "What is to be likely, 0 to 1: [batch, features]." },
  },
  outputs: ["y"],
  infer: ({ x, target }) => drawsProblem("target", x, target) ?? { y: f32(...withoutFeatures(x, target)) },
  apply({ x, target }) {
    const rank = Math.max(x.rank, target.rank);
    const [scores, wanted] = [alongDraws(x, rank), alongDraws(target, rank)];
    // t log σ(s) + (1 − t) log(1 − σ(s)) = t s − softplus(s).
    return { y: tf.sum(tf.sub(tf.mul(wanted, scores), tf.softplus(scores)), -1) };
  },
  cost: ({ x }) => 2 * elementsPerExample(x.shape),
  explain: {
    summary: "How likely features of 0 or 1 are under the scores for them.",
    equation: "y = \\sum_d t_d \\log \\sigma(s_d) + (1-t_d) \\log\\big(1-\\sigma(s_d)\\big)",
  },
  examples: [
    { inputs: { x: f32("batch", 3), target: f32("batch", 3) }, range: [0, 1] },
    { inputs: { x: f32("batch", 4, 3), target: f32("batch", 3) }, range: [0, 1] },
  ],
});
