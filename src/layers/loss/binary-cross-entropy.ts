import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";
import { pairProblem, reductionParam } from "./pairs.ts";
import { reduce } from "./reduce.ts";

/** Probabilities are kept this far from 0 and 1, where the logarithm would be infinite. */
const margin = 1e-7;

/** −y log p − (1 − y) log(1 − p), over an example by mean or sum, over the batch by mean: `[batch, …]` twice → a number, in nats. */
export const binaryCrossEntropy = defineLayer({
  type: "loss.binary-cross-entropy",
  title: "Binary cross-entropy",
  family: "loss",
  book: "5.4",
  aliases: ["bce", "logistic loss", "bernoulli", "gan"],
  role: "loss",
  params: z.object({
    from: choice(["logits", "probabilities"], { help: "Logits: scores before a sigmoid, the stable way. Probabilities: after it, 0 to 1." }),
    reduction: reductionParam,
  }),
  inputs: {
    x: { dtype: "float32", help: "Scores before a sigmoid, or probabilities." },
    target: { dtype: "float32", help: "0 or 1, or anything between, in the same shape." },
  },
  outputs: ["loss"],
  infer: ({ x, target }) => pairProblem(x, target) ?? { loss: f32() },
  apply({ x, target }, _w, { from, reduction }) {
    // From logits z: −y log σ(z) − (1 − y) log(1 − σ(z)) = softplus(z) − y z.
    if (from === "logits") return { loss: reduce(tf.sub(tf.softplus(x), tf.mul(target, x)), reduction) };
    const p = tf.clipByValue(x, margin, 1 - margin);
    const chosen = tf.add(tf.mul(target, tf.log(p)), tf.mul(tf.sub(1, target), tf.log(tf.sub(1, p))));
    return { loss: tf.neg(reduce(chosen, reduction)) };
  },
  summary: ({ from, reduction }) => `${from} · ${reduction}`,
  explain: {
    summary: "How surprised the model is by answers of yes or no.",
    equation: "L = -\\frac{1}{I}\\sum_i y_i \\log p_i + (1 - y_i)\\log(1 - p_i)",
  },
  examples: [
    { inputs: { x: f32("batch", 1), target: f32("batch", 1) } },
    { params: { from: "probabilities" }, inputs: { x: f32("batch", 3), target: f32("batch", 3) } },
    { params: { reduction: "sum" }, inputs: { x: f32("batch", 2, 3), target: f32("batch", 2, 3) } },
  ],
});
