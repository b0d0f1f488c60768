import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";
import { importancePorts, importanceProblem, logMeanWeight, logWeights } from "./importance.ts";

/**
 * −log (1/K) Σ w over K draws of the latent variable, averaged over the batch, in nats: the importance-weighted bound (Burda et al., 2016).
 * With the average outside the logarithm it is the negative evidence lower bound, estimated from the same draws, which never is lower (UDL 17.4).
 */
export const importanceBound = defineLayer({
  type: "loss.importance-bound",
  title: "Importance-weighted bound",
  family: "loss",
  book: "17.4",
  aliases: ["iwae", "elbo", "variational bound", "evidence lower bound", "vae", "importance weighted autoencoder"],
  role: "loss",
  params: z.object({
    average: choice(["weights", "logarithms"], {
      help: "Weights: the logarithm of the draws' mean weight, the tighter bound. Logarithms: the mean of their logarithms, the ELBO.",
    }),
  }),
  inputs: importancePorts,
  outputs: ["loss"],
  infer: (x) => importanceProblem(x) ?? { loss: f32() },
  apply(x, _w, { average }) {
    const weights = logWeights(x);
    return { loss: tf.neg(tf.mean(average === "weights" ? logMeanWeight(weights) : weights)) };
  },
  cost: ({ joint, posterior }) => [...joint, ...posterior].reduce((sum, { shape }) => sum + elementsPerExample(shape), 0),
  summary: ({ average }) => `mean of ${average}`,
  explain: {
    summary: "A bound on how unlikely the data are, from draws of the latent variable; more draws make it tighter.",
    equation:
      "L = -\\frac1I\\sum_i \\log \\frac1K \\sum_k \\frac{Pr(\\mathbf{x}_i|\\mathbf{z}_k)\\,Pr(\\mathbf{z}_k)}{q(\\mathbf{z}_k|\\mathbf{x}_i)}, \\quad \\mathbf{z}_k \\sim q(\\mathbf{z}|\\mathbf{x}_i)",
  },
  examples: [
    { inputs: { joint: [f32("batch", 4), f32("batch", 4)], posterior: [f32("batch", 4)] } },
    { params: { average: "logarithms" }, inputs: { joint: [f32("batch", 4)], posterior: [f32("batch", 4), f32("batch", 4)] } },
    { inputs: { joint: [f32("batch")], posterior: [f32("batch")] } },
  ],
});
