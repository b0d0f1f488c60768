import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { alongDraws, drawsProblem, withoutFeatures } from "./draws.ts";

/**
 * log Norm[x; μ, σ²], summed over the features, in nats: `[batch, (draws,) features]` → `[batch(, draws)]`.
 * Without a mean it is 0, without variances they are 1: the prior of a variational autoencoder (UDL 17.3).
 */
export const normalLogDensity = defineLayer({
  type: "normal-log-density",
  title: "Normal log-density",
  family: "flow",
  book: "17.3",
  aliases: ["gaussian", "log probability", "prior", "posterior", "vae", "elbo", "iwae"],
  params: z.object({}),
  inputs: {
    x: { rank: [2, 3], dtype: "float32", help: "Points: [batch, features], or several draws of each example: [batch, draws, features]." },
    mean: { rank: [2, 3], dtype: "float32", optional: true, help: "Mean of each feature; 0 if nothing is wired." },
    logVariance: { rank: [2, 3], dtype: "float32", optional: true, help: "Logarithm of each feature's variance; variance 1 if nothing is wired." },
  },
  outputs: ["y"],
  infer({ x, mean, logVariance }) {
    const wired = [x, ...(mean ? [mean] : []), ...(logVariance ? [logVariance] : [])];
    const wrong =
      drawsProblem("x", x, x) ??
      (mean && drawsProblem("mean", x, mean)) ??
      (logVariance && (drawsProblem("logVariance", x, logVariance) ?? drawsProblem("logVariance", mean ?? x, logVariance)));
    return wrong ?? { y: f32(...withoutFeatures(...wired)) };
  },
  apply({ x, mean, logVariance }) {
    const rank = Math.max(x.rank, mean?.rank ?? 0, logVariance?.rank ?? 0);
    const from = mean ? tf.sub(alongDraws(x, rank), alongDraws(mean, rank)) : alongDraws(x, rank);
    const square = tf.square(from);
    const spread = logVariance && alongDraws(logVariance, rank);
    const surprise = spread ? tf.add(tf.mul(square, tf.exp(tf.neg(spread))), spread) : square;
    return { y: tf.mul(tf.sum(tf.add(surprise, Math.log(2 * Math.PI)), -1), -0.5) };
  },
  cost: ({ x }) => 3 * elementsPerExample(x.shape),
  explain: {
    summary: "How likely points are under a normal distribution of independent features.",
    equation: "y = -\\frac12 \\sum_d \\Big(\\frac{(x_d-\\mu_d)^2}{\\sigma_d^2} + \\log \\sigma_d^2 + \\log 2\\pi\\Big)",
  },
  examples: [
    { inputs: { x: f32("batch", 3), mean: f32("batch", 3), logVariance: f32("batch", 3) } },
    { inputs: { x: f32("batch", 4, 2), mean: f32("batch", 2), logVariance: f32("batch", 2) } },
    { inputs: { x: f32("batch", 4, 2) } },
    { inputs: { x: f32("batch", 2), mean: f32("batch", 5, 2) } },
  ],
});
