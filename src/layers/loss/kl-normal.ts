import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { reduce } from "./reduce.ts";

/**
 * KL divergence of a diagonal normal from the standard normal, or from a prior that a network gives (a hierarchical model's):
 * summed over an example, averaged over the batch, in nats.
 */
export const klNormal = defineLayer({
  type: "loss.kl-normal",
  title: "KL to normal prior",
  family: "loss",
  book: "17.4",
  aliases: ["kullback-leibler", "vae", "elbo", "divergence", "prior", "standard normal", "hierarchical"],
  role: "loss",
  params: z.object({}),
  inputs: {
    mean: { dtype: "float32", help: "Means of the latent variables: [batch, …]." },
    logVariance: { dtype: "float32", help: "Logarithms of their variances, in the same shape." },
    priorMean: { dtype: "float32", optional: true, help: "Means that the prior gives them, in the same shape; 0 if nothing is wired." },
    priorLogVariance: { dtype: "float32", optional: true, help: "Logarithms of the prior's variances; variance 1 if nothing is wired." },
  },
  outputs: ["loss"],
  infer({ mean, ...others }) {
    if (mean.shape.length === 0) return problem("There is no batch axis to average over.", { port: "mean", expected: "[batch, …]" });
    for (const [port, type] of Object.entries(others)) {
      if (type && !sameShape(mean.shape, type.shape))
        return problem(port === "logVariance" ? "Every mean needs a variance." : "The prior must be of the same latent variables.", {
          port,
          expected: formatShape(mean.shape),
          received: formatShape(type.shape),
        });
    }
    return { loss: f32() };
  },
  apply({ mean, logVariance, priorMean, priorLogVariance }) {
    const apart = tf.square(priorMean ? tf.sub(mean, priorMean) : mean);
    const narrower = priorLogVariance ? tf.sub(logVariance, priorLogVariance) : logVariance;
    const distance = priorLogVariance ? tf.mul(apart, tf.exp(tf.neg(priorLogVariance))) : apart;
    const spread = tf.sub(tf.sub(tf.exp(narrower), 1), narrower);
    return { loss: tf.mul(reduce(tf.add(spread, distance), "sum"), 0.5) };
  },
  explain: {
    summary: "How far the encoder's distribution is from the prior; the second term of a VAE's bound.",
    equation:
      "D_{KL} = \\frac{1}{2}\\sum_d \\Big(\\frac{\\sigma_d^2 + (\\mu_d - m_d)^2}{s_d^2} - 1 - \\log \\frac{\\sigma_d^2}{s_d^2}\\Big), \\quad m_d = 0,\\ s_d = 1 \\text{ if no prior is wired}",
  },
  examples: [
    { inputs: { mean: f32("batch", 2), logVariance: f32("batch", 2) } },
    { inputs: { mean: f32("batch", 2, 3), logVariance: f32("batch", 2, 3) } },
    { inputs: { mean: f32("batch", 3), logVariance: f32("batch", 3), priorMean: f32("batch", 3), priorLogVariance: f32("batch", 3) } },
  ],
});
