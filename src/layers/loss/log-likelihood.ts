import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { importancePorts, importanceProblem, logMeanWeight, logWeights } from "./importance.ts";

/**
 * log Pr(x) by importance sampling, averaged over examples, in nats: the logarithm of the mean weight of many draws (UDL 17.8, note on likelihood).
 * On average too low, the less so the more draws there are.
 */
export const logLikelihood = defineLayer({
  type: "metric.log-likelihood",
  title: "Sampled log-likelihood",
  family: "loss",
  book: "17.8",
  aliases: ["importance sampling", "test likelihood", "marginal likelihood", "evidence", "vae", "iwae"],
  role: "metric",
  params: z.object({}),
  inputs: importancePorts,
  outputs: ["value"],
  infer: (x) => importanceProblem(x) ?? { value: f32() },
  apply: (x) => ({ value: tf.mean(logMeanWeight(logWeights(x))) }),
  cost: ({ joint, posterior }) => [...joint, ...posterior].reduce((sum, { shape }) => sum + elementsPerExample(shape), 0),
  differentiable: false,
  explain: {
    summary: "How likely the data are under a model with latent variables, from many draws of them.",
    equation: "\\frac1I\\sum_i \\log \\frac1K \\sum_k \\frac{Pr(\\mathbf{x}_i|\\mathbf{z}_k)\\,Pr(\\mathbf{z}_k)}{q(\\mathbf{z}_k|\\mathbf{x}_i)}",
  },
  examples: [
    { inputs: { joint: [f32("batch", 4), f32("batch", 4)], posterior: [f32("batch", 4)] } },
    { inputs: { joint: [f32("batch")], posterior: [f32("batch")] } },
  ],
});
