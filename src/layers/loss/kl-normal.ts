import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { reduce } from "./reduce.ts";

/** KL divergence of a diagonal normal from the standard normal: summed over an example, averaged over the batch, in nats. */
export const klNormal = defineLayer({
  type: "loss.kl-normal",
  title: "KL to standard normal",
  family: "loss",
  book: "17.4",
  aliases: ["kullback-leibler", "vae", "elbo", "divergence", "prior"],
  role: "loss",
  params: z.object({}),
  inputs: {
    mean: { dtype: "float32", help: "Means of the latent variables: [batch, …]." },
    logVariance: { dtype: "float32", help: "Logarithms of their variances, in the same shape." },
  },
  outputs: ["loss"],
  infer({ mean, logVariance }) {
    if (mean.shape.length === 0) return problem("There is no batch axis to average over.", { port: "mean", expected: "[batch, …]" });
    if (!sameShape(mean.shape, logVariance.shape))
      return problem("Every mean needs a variance.", {
        port: "logVariance",
        expected: formatShape(mean.shape),
        received: formatShape(logVariance.shape),
      });
    return { loss: f32() };
  },
  apply({ mean, logVariance }) {
    const spread = tf.sub(tf.sub(tf.exp(logVariance), 1), logVariance);
    return { loss: tf.mul(reduce(tf.add(spread, tf.square(mean)), "sum"), 0.5) };
  },
  explain: {
    summary: "How far the encoder's distribution is from the prior; the second term of a VAE's bound.",
    equation: "D_{KL} = \\frac{1}{2}\\sum_d \\big(\\sigma_d^2 + \\mu_d^2 - 1 - \\log \\sigma_d^2\\big)",
  },
  examples: [
    { inputs: { mean: f32("batch", 2), logVariance: f32("batch", 2) } },
    { inputs: { mean: f32("batch", 2, 3), logVariance: f32("batch", 2, 3) } },
  ],
});
