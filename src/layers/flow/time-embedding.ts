import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";

/** Slowest and fastest wave: a quarter of a turn, and many turns, over all times. */
const [slowest, fastest] = [Math.PI / 2, 250];

/** A time as sines and cosines of growing frequency, so that a network can tell near times apart (Ho et al., 2020). */
export const timeEmbedding = defineLayer({
  type: "time-embedding",
  title: "Time embedding",
  family: "flow",
  book: "14.1",
  aliases: ["diffusion", "sinusoidal", "noise level", "fourier features"],
  params: z.object({ waves: int({ min: 1, max: 1024, help: "A sine and a cosine of each frequency.", default: 16 }) }),
  inputs: { t: { rank: 1, dtype: "float32", help: "Times from 0 to 1: [batch]." } },
  outputs: ["y"],
  infer: ({ t }, { waves }) => ({ y: f32(t.shape[0] ?? "batch", 2 * waves) }),
  apply({ t }, _w, { waves }) {
    const speeds = Array.from({ length: waves }, (_, i) => slowest * (fastest / slowest) ** (i / Math.max(1, waves - 1)));
    const angles = tf.mul(tf.reshape(t, [-1, 1]), tf.tensor2d(speeds, [1, waves]));
    return { y: tf.concat([tf.sin(angles), tf.cos(angles)], 1) };
  },
  cost: (_x, _y, { waves }) => waves,
  summary: ({ waves }) => `${waves} waves`,
  explain: { summary: "A time as waves that a network can read.", equation: "[\\sin \\omega_k t, \\; \\cos \\omega_k t]_{k=1}^{K}" },
  examples: [{ params: { waves: 3 }, inputs: { t: f32("batch") } }],
});
