import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";

/** In training each number is zeroed with the chance `rate` and the rest divided by 1 − rate; in evaluation nothing happens. */
export const dropout = defineLayer({
  type: "dropout",
  title: "Dropout",
  family: "activation",
  book: "9.3.3",
  aliases: ["regularisation", "regularization"],
  params: z.object({ rate: real({ min: 0, max: 0.99, default: 0.5, help: "Chance that a number is set to zero in training." }) }),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply({ x }, _w, { rate }, { training, rng }) {
    if (!training || rate === 0) return { y: tf.clone(x) };
    const kept = tf.cast(tf.greaterEqual(rng.uniform(x.shape), rate), "float32");
    return { y: tf.mul(x, tf.mul(kept, 1 / (1 - rate))) };
  },
  summary: ({ rate }) => `${rate}`,
  explain: {
    summary: "Silences units at random while training, so that none is relied upon.",
    equation: "y = \\frac{m\\,x}{1 - p}, \\quad m \\sim \\operatorname{Bernoulli}[1 - p]",
  },
  examples: [{ inputs: { x: f32("batch", 6) } }, { params: { rate: 0.2 }, inputs: { x: f32("batch", 3, 4) } }],
});
