import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";

/** Dropout of whole channels: neighbouring pixels say nearly the same, so that dropping single ones would drop little (Tompson et al. 2015). */
export const spatialDropout = defineLayer({
  type: "spatial-dropout",
  title: "Spatial dropout",
  family: "activation",
  book: "10.6",
  aliases: ["dropout2d", "channel dropout", "regularisation", "regularization"],
  params: z.object({ rate: real({ min: 0, max: 0.99, default: 0.2, help: "Chance that a channel of an example is set to zero in training." }) }),
  inputs: { x: { rank: [3, 4, 5], dtype: "float32", help: "Signals, images or volumes: [batch, …, channels]." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply({ x }, _w, { rate }, { training, rng }) {
    if (!training || rate === 0) return { y: tf.clone(x) };
    const shape = x.shape.map((size, axis) => (axis === 0 || axis === x.rank - 1 ? size : 1));
    const kept = tf.cast(tf.greaterEqual(rng.uniform(shape), rate), "float32");
    return { y: tf.mul(x, tf.mul(kept, 1 / (1 - rate))) };
  },
  summary: ({ rate }) => `${rate}`,
  explain: {
    summary: "Silences whole channels at random while training.",
    equation: "y_{ijc} = \\frac{m_c\\,x_{ijc}}{1 - p}, \\quad m_c \\sim \\operatorname{Bernoulli}[1 - p]",
  },
  examples: [{ inputs: { x: f32("batch", 3, 2, 4) } }, { params: { rate: 0.5 }, inputs: { x: f32("batch", 4, 3) } }],
});
