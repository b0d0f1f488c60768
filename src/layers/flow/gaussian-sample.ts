import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/**
 * y = μ + exp(½ log σ²) ⊙ ε with ε from a standard normal: the draw is an input, so gradients reach mean and variance
 * (the reparameterisation trick, UDL 17.7). It draws in evaluation too: a variational bound is an expectation over samples.
 */
export const gaussianSample = defineLayer({
  type: "gaussian-sample",
  title: "Gaussian sample",
  family: "flow",
  book: "17.7",
  aliases: ["reparameterization", "reparameterisation", "vae", "latent", "sampling", "noise"],
  params: z.object({}),
  inputs: {
    mean: { dtype: "float32", help: "Mean μ of each element." },
    logVariance: { dtype: "float32", help: "Logarithm of the variance, log σ², of each element; same shape as the mean." },
  },
  outputs: ["y"],
  infer({ mean, logVariance }) {
    if (!sameShape(mean.shape, logVariance.shape))
      return problem("Mean and log-variance have different shapes.", {
        port: "logVariance",
        expected: formatShape(mean.shape),
        received: formatShape(logVariance.shape),
      });
    return { y: f32(...mean.shape) };
  },
  apply: ({ mean, logVariance }, _, __, ctx) => ({ y: tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), ctx.rng.normal(mean.shape))) }),
  cost: ({ mean }) => mean.shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1),
  explain: {
    summary: "Draws from a normal distribution in a way that gradients pass through.",
    equation:
      "\\mathbf{y} = \\boldsymbol\\mu + e^{\\frac12 \\log\\boldsymbol\\sigma^2} \\odot \\boldsymbol\\epsilon, \\quad \\boldsymbol\\epsilon \\sim \\mathrm{Norm}[\\mathbf{0}, \\mathbf{I}]",
  },
  examples: [
    { inputs: { mean: f32("batch", 3), logVariance: f32("batch", 3) } },
    { inputs: { mean: f32("batch", 2, 4), logVariance: f32("batch", 2, 4) } },
  ],
});
