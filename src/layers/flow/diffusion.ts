import * as tf from "@tensorflow/tfjs-core";
import { choice } from "../params.ts";

/** How much of a signal is left at a time of a diffusion, for all nodes that must agree on it. */

export const schedules = ["cosine", "linear"] as const;
export type DiffusionSchedule = (typeof schedules)[number];
export const scheduleParam = () =>
  choice(schedules, { help: "How the signal fades: cosine evenly, linear as in the first paper. All nodes of a diffusion need the same one." });

/** Offset of the cosine schedule: noise begins above 0 (Nichol & Dhariwal, 2021). */
const offset = 0.008;
/** Variance added per unit of time at the beginning and the end of the linear schedule: 10⁻⁴ to 0.02 a step of 1,000 (Ho et al., 2020). */
const [first, last] = [0.1, 20];

/**
 * Signal α and noise σ of z = α x + σ ε, with α² + σ² = 1: `[batch, 1, …]`, one for each example of `like`.
 * @param t times from 0 (data) to 1 (noise): `[batch]`
 */
export function signalAndNoise(t: tf.Tensor, schedule: DiffusionSchedule, like: tf.Tensor): { readonly alpha: tf.Tensor; readonly sigma: tf.Tensor } {
  return tf.tidy(() => {
    const along = tf.reshape(t, [-1, ...like.shape.slice(1).map(() => 1)]);
    const square =
      schedule === "cosine"
        ? tf.square(tf.div(tf.cos(tf.mul(tf.add(along, offset), Math.PI / 2 / (1 + offset))), Math.cos((offset * Math.PI) / 2 / (1 + offset))))
        : tf.exp(tf.neg(tf.add(tf.mul(along, first), tf.mul(tf.square(along), (last - first) / 2))));
    // Signal is never quite gone and noise never quite absent: both are divided by.
    const kept = tf.clipByValue(square, least, 1 - least);
    return { alpha: tf.sqrt(kept), sigma: tf.sqrt(tf.sub(1, kept)) };
  });
}
const least = 1e-4;
