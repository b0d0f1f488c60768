import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/**
 * How much the latent variables tell of each other, over all examples together: KL divergence of the aggregated posterior from the product
 * of its marginals, estimated from the batch by stratified sampling (Chen et al., 2018, appendix C; UDL 17.8), in nats: `[batch, features]`
 * three times → a number. q(z_i) ≈ q(z_i|x_i)/N + (N − 1)/(N (I − 1)) Σ_j≠i q(z_i|x_j) for a batch of I of N examples.
 */
export const totalCorrelation = defineLayer({
  type: "loss.total-correlation",
  title: "Total correlation",
  family: "loss",
  book: "17.8",
  aliases: ["tc-vae", "beta-tcvae", "factor vae", "disentangle", "independence", "aggregated posterior"],
  role: "loss",
  params: z.object({
    examples: int({ min: 1, max: 100_000_000, default: 1500, help: "How many examples there are in all, of which a batch is a sample." }),
  }),
  inputs: {
    x: { rank: 2, dtype: "float32", help: "One draw of the latent variables for each example: [batch, features]." },
    mean: { rank: 2, dtype: "float32", help: "Means that they were drawn with." },
    logVariance: { rank: 2, dtype: "float32", help: "Logarithms of their variances." },
  },
  outputs: ["loss"],
  infer({ x, mean, logVariance }) {
    for (const [port, type] of Object.entries({ mean, logVariance })) {
      if (!sameShape(type.shape, x.shape))
        return problem("Every draw needs the mean and the variance it was drawn with.", {
          port,
          expected: formatShape(x.shape),
          received: formatShape(type.shape),
        });
    }
    if (typeof x.shape[1] !== "number") return problem("The number of latent variables is not fixed.", { port: "x", expected: "[batch, features]" });
    return { loss: f32() };
  },
  apply({ x, mean, logVariance }, _w, { examples }) {
    const [batch, features] = x.shape as [number, number];
    // log q(z_id | x_j) for every draw i, example j and feature d.
    const across = (values: tf.Tensor) => tf.reshape(values, [1, batch, features]);
    const spread = across(logVariance);
    const square = tf.square(tf.sub(tf.reshape(x, [batch, 1, features]), across(mean)));
    const density = tf.mul(tf.add(tf.add(tf.mul(square, tf.exp(tf.neg(spread))), spread), Math.log(2 * Math.PI)), -0.5);
    const weight = logShares(batch, Math.max(examples, batch));
    const together = tf.logSumExp(tf.add(tf.sum(density, 2), weight), 1);
    const apart = tf.sum(tf.logSumExp(tf.add(density, tf.reshape(weight, [batch, batch, 1])), 1), 1);
    return { loss: tf.mean(tf.sub(together, apart)) };
  },
  cost: ({ x }) => 4 * elementsPerExample(x.shape),
  explain: {
    summary: "How far the latent variables are from being independent of each other.",
    equation: "D_{KL}\\Big[q(\\mathbf{z})\\,\\Big\\|\\,\\prod_d q(z_d)\\Big], \\quad q(\\mathbf{z}) = \\frac1N \\sum_n q(\\mathbf{z}|\\mathbf{x}_n)",
  },
  examples: [{ params: { examples: 10 }, inputs: { x: f32("batch", 2), mean: f32("batch", 2), logVariance: f32("batch", 2) } }],
});

/** The logarithm of how much each example of a batch counts in the estimate for each draw: itself once, the others for all that are not there. */
function logShares(batch: number, examples: number): tf.Tensor {
  const [own, other] = [-Math.log(examples), Math.log((examples - 1) / examples / Math.max(1, batch - 1))];
  const shares = new Float32Array(batch * batch).fill(other);
  for (let i = 0; i < batch; i++) shares[i * batch + i] = batch === 1 ? 0 : own;
  return tf.tensor(shares, [batch, batch]);
}
