import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** x · Φ(x), exact by erf as in Keras and PyTorch by default; not the tanh approximation. */
export const gelu = defineLayer({
  type: "gelu",
  title: "GELU",
  family: "activation",
  book: "3.5",
  aliases: ["gaussian error linear unit", "activation"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }) => ({ y: tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)) }),
  explain: {
    summary: "A smooth ReLU: x times the chance that a standard normal number is below it (exact, by erf).",
    equation: "y = x\\,\\Phi(x) = \\frac{x}{2}\\Big(1 + \\operatorname{erf}\\frac{x}{\\sqrt{2}}\\Big)",
  },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 3, 2) } }],
});
