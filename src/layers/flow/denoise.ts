import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int, real } from "../params.ts";
import { scheduleParam, signalAndNoise } from "./diffusion.ts";

/**
 * One step back from noise to data, with the noise that a network sees in z: x̂ = (z − σ ε̂)/α, then to time s = t − 1/steps by
 * z′ = α[s] x̂ + √(σ[s]² − η²) ε̂ + η ε with η² = randomness² · (σ[s]²/σ[t]²)(1 − α[t]²/α[s]²). Randomness 0 is DDIM (Song et al., 2021),
 * which needs few steps; 1 is DDPM (Ho et al., 2020). In a block with `repeat`, copies follow each other down to data.
 */
export const denoise = defineLayer({
  type: "denoise",
  title: "Denoise",
  family: "flow",
  book: "14.1",
  aliases: ["ddpm", "ddim", "reverse process", "sampler", "diffusion"],
  params: z.object({
    steps: int({ min: 1, max: 10_000, help: "Steps from noise to data; as many as copies of the block follow each other.", default: 20 }),
    randomness: real({ min: 0, max: 1, help: "0: DDIM, the same data from the same noise. 1: DDPM, fresh noise at each step.", default: 0 }),
    clip: real({ min: 0, max: 1000, help: "The data found are kept within ± this; 0 leaves them.", default: 0 }),
    schedule: scheduleParam(),
  }),
  inputs: {
    z: { dtype: "float32", help: "Where the step begins: [batch, …]." },
    noise: { dtype: "float32", help: "The noise that the network sees in z." },
    t: { rank: 1, dtype: "float32", help: "Time of z, from 0 (data) to 1 (noise): [batch]." },
  },
  outputs: ["z", "t"],
  infer({ z: from, noise, t }) {
    if (sameShape(from.shape, noise.shape)) return { z: f32(...from.shape), t: f32(...t.shape) };
    return problem("z and its noise have different shapes.", {
      port: "noise",
      expected: formatShape(from.shape),
      received: formatShape(noise.shape),
    });
  },
  apply({ z: from, noise, t }, _w, { steps, randomness, clip, schedule }, { rng }) {
    const next = tf.maximum(tf.sub(t, 1 / steps), 0);
    const now = signalAndNoise(t, schedule, from);
    const then = signalAndNoise(next, schedule, from);
    const found = tf.div(tf.sub(from, tf.mul(now.sigma, noise)), now.alpha);
    const data = clip > 0 ? tf.clipByValue(found, -clip, clip) : found;
    // Clipped data change what was noise.
    const rest = clip > 0 ? tf.div(tf.sub(from, tf.mul(now.alpha, data)), now.sigma) : noise;
    const signal = tf.mul(then.alpha, data);
    if (randomness === 0) return { z: tf.add(signal, tf.mul(then.sigma, rest)), t: next };
    const variance = tf.relu(tf.mul(tf.square(tf.div(then.sigma, now.sigma)), tf.sub(1, tf.square(tf.div(now.alpha, then.alpha)))));
    const fresh = tf.mul(randomness, tf.sqrt(variance));
    const direction = tf.mul(tf.sqrt(tf.relu(tf.sub(tf.square(then.sigma), tf.square(fresh)))), rest);
    return { z: tf.add(tf.add(signal, direction), tf.mul(fresh, rng.normal(from.shape))), t: next };
  },
  summary: ({ steps, randomness }) => `${randomness === 0 ? "DDIM" : randomness === 1 ? "DDPM" : `randomness ${randomness}`} · ${steps} steps`,
  explain: {
    summary: "One step from noise back to data.",
    equation:
      "\\hat{\\mathbf{x}} = \\frac{\\mathbf{z}_t - \\sigma_t \\hat{\\boldsymbol\\epsilon}}{\\alpha_t}, \\quad \\mathbf{z}_s = \\alpha_s \\hat{\\mathbf{x}} + \\sqrt{\\sigma_s^2 - \\eta^2}\\,\\hat{\\boldsymbol\\epsilon} + \\eta\\,\\boldsymbol\\epsilon",
  },
  examples: [
    { params: { steps: 10 }, inputs: { z: f32("batch", 2), noise: f32("batch", 2), t: f32("batch") }, range: [0.3, 0.9] },
    {
      params: { steps: 5, randomness: 1, schedule: "linear" },
      inputs: { z: f32("batch", 3), noise: f32("batch", 3), t: f32("batch") },
      range: [0.3, 0.9],
    },
    { params: { steps: 4, clip: 3 }, inputs: { z: f32("batch", 2, 2, 1), noise: f32("batch", 2, 2, 1), t: f32("batch") }, range: [0.3, 0.9] },
  ],
});
