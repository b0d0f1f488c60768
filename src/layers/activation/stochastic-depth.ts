import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, real } from "../params.ts";

/**
 * A residual branch that is left out at random (Huang et al., 2016): in training b ⊙ x with b ~ Bernoulli(1 − rate),
 * in evaluation its expectation (1 − rate) x. It stands at the end of the branch, in front of the sum.
 */
export const stochasticDepth = defineLayer({
  type: "stochastic-depth",
  title: "Stochastic depth",
  family: "activation",
  book: "11.5.1",
  aliases: ["drop path", "resdrop", "drop block", "regularisation", "regularization"],
  params: z.object({
    rate: real({ min: 0, max: 0.99, default: 0.2, help: "Chance that the branch is left out in training; deeper blocks usually get more." }),
    per: choice(["batch", "example"], { help: "Draw once for the whole batch, or for each example." }),
  }),
  inputs: { x: { dtype: "float32", help: "What the branch gives, in front of the sum." } },
  outputs: ["y"],
  infer({ x }) {
    if (x.shape.length < 2)
      return problem("A branch has a batch axis and at least one more.", { port: "x", expected: "[batch, …]", received: formatShape(x.shape) });
    return { y: f32(...x.shape) };
  },
  apply({ x }, _w, { rate, per }, { training, rng }) {
    if (rate === 0) return { y: tf.clone(x) };
    if (!training) return { y: tf.mul(x, 1 - rate) };
    const draws = rng.uniform([per === "batch" ? 1 : (x.shape[0] as number), ...x.shape.slice(1).map(() => 1)]);
    return { y: tf.mul(x, tf.cast(tf.greaterEqual(draws, rate), "float32")) };
  },
  summary: ({ rate, per }) => `${rate}${per === "example" ? " · per example" : ""}`,
  explain: {
    summary: "Leaves a residual branch out at random while training; in use it counts with its chance.",
    equation: "\\mathbf{y} = b\\,\\mathbf{x}, \\quad b \\sim \\operatorname{Bernoulli}[1 - p]",
  },
  examples: [
    { params: { rate: 0.5 }, inputs: { x: f32("batch", 6) } },
    { params: { rate: 0.5, per: "example" }, inputs: { x: f32("batch", 2, 3, 2) } },
  ],
});
