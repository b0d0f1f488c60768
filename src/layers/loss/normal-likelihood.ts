import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { reduce } from "./reduce.ts";

/**
 * −log of the density of x under the standard normal, less the log-determinants of the flow that made it, in nats per example:
 * `[batch, …]`, log-determinants `[batch]` → a number.
 */
export const normalLikelihood = defineLayer({
  type: "loss.normal-likelihood",
  title: "Normal likelihood",
  family: "loss",
  book: "16.1",
  aliases: ["flow", "negative log-likelihood", "density", "gaussian", "change of variables"],
  role: "loss",
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", help: "Points that should be standard normal, the end of a flow: [batch, …]." },
    logdet: { many: true, optional: true, rank: 1, dtype: "float32", help: "Log-determinants of the flow's layers, one for each example." },
  },
  outputs: ["loss"],
  infer({ x, logdet }) {
    if (x.shape.length < 2 || x.shape.slice(1).some((dim) => typeof dim !== "number"))
      return problem("A density needs points of fixed size.", { port: "x", expected: "[batch, dimensions]", received: formatShape(x.shape) });
    const odd = logdet.find((type) => type.shape[0] !== x.shape[0]);
    if (odd)
      return problem("There must be one log-determinant for each example.", {
        port: "logdet",
        expected: formatShape([x.shape[0] ?? "batch"]),
        received: formatShape(odd.shape),
      });
    return { loss: f32() };
  },
  apply({ x, logdet }) {
    const constant = 0.5 * Math.log(2 * Math.PI) * x.shape.slice(1).reduce((product, size) => product * size, 1);
    const surprise = tf.add(tf.mul(reduce(tf.square(x), "sum"), 0.5), constant);
    return { loss: logdet.reduce((loss, term) => tf.sub(loss, tf.mean(term)), surprise) };
  },
  cost: ({ x }) => elementsPerExample(x.shape),
  explain: {
    summary: "How unlikely the data are under a flow whose base density is the standard normal.",
    equation:
      "L = -\\frac{1}{I}\\sum_i \\Big(\\log \\operatorname{Norm}_{\\mathbf{z}_i}[\\mathbf{0}, \\mathbf{I}] + \\sum_k \\log \\big|\\det \\mathbf{J}_k\\big|\\Big)",
  },
  examples: [{ inputs: { x: f32("batch", 2), logdet: [f32("batch"), f32("batch")] } }, { inputs: { x: f32("batch", 2, 3), logdet: [] } }],
});
