import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/**
 * y = μ + exp(½ log σ²) ⊙ ε with ε from a standard normal: the draw is an input, so gradients reach mean and variance
 * (the reparameterisation trick, UDL 17.7). It draws in evaluation too: a variational bound is an expectation over samples.
 * Several draws of each example lie along an axis after the batch: `[batch, …]` → `[batch, draws, …]`.
 */
export const gaussianSample = defineLayer({
  type: "gaussian-sample",
  title: "Gaussian sample",
  family: "flow",
  book: "17.7",
  aliases: ["reparameterization", "reparameterisation", "vae", "latent", "sampling", "noise"],
  params: z.object({
    draws: int({ min: 0, max: 100_000, default: 0, help: "Draws of each example, along an axis of their own; 0: one, without an axis." }),
  }),
  inputs: {
    mean: { dtype: "float32", help: "Mean μ of each element." },
    logVariance: { dtype: "float32", help: "Logarithm of the variance, log σ², of each element; same shape as the mean." },
  },
  outputs: ["y"],
  infer({ mean, logVariance }, { draws }) {
    if (!sameShape(mean.shape, logVariance.shape))
      return problem("Mean and log-variance have different shapes.", {
        port: "logVariance",
        expected: formatShape(mean.shape),
        received: formatShape(logVariance.shape),
      });
    const [batch, ...rest] = mean.shape;
    if (draws === 0) return { y: f32(...mean.shape) };
    if (batch === undefined) return problem("There is no batch axis after which draws could lie.", { port: "mean", expected: "[batch, …]" });
    return { y: f32(batch, draws, ...rest) };
  },
  apply({ mean, logVariance }, _w, { draws }, { rng }) {
    const [batch = 1, ...rest] = mean.shape;
    const spaced = (values: tf.Tensor) => (draws === 0 ? values : tf.reshape(values, [batch, 1, ...rest]));
    const noise = rng.normal(draws === 0 ? mean.shape : [batch, draws, ...rest]);
    return { y: tf.add(spaced(mean), tf.mul(spaced(tf.exp(tf.mul(logVariance, 0.5))), noise)) };
  },
  cost: (_x, { y }) => elementsPerExample(y.shape),
  summary: ({ draws }) => (draws === 0 ? "" : `${draws} draws`),
  explain: {
    summary: "Draws from a normal distribution in a way that gradients pass through.",
    equation:
      "\\mathbf{y} = \\boldsymbol\\mu + e^{\\frac12 \\log\\boldsymbol\\sigma^2} \\odot \\boldsymbol\\epsilon, \\quad \\boldsymbol\\epsilon \\sim \\mathrm{Norm}[\\mathbf{0}, \\mathbf{I}]",
  },
  examples: [
    { inputs: { mean: f32("batch", 3), logVariance: f32("batch", 3) } },
    { inputs: { mean: f32("batch", 2, 4), logVariance: f32("batch", 2, 4) } },
    { params: { draws: 5 }, inputs: { mean: f32("batch", 3), logVariance: f32("batch", 3) } },
  ],
});
