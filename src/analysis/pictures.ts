import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";
import { padded } from "../layers/dense/padding.ts";
import { rng } from "../tensor/random.ts";
import type { Subject } from "./subject.ts";
import { AnalysisError } from "./types.ts";

/** A picture's sizes: `[height, width, channels]` with 1 or 3 channels. */
export type PictureShape = readonly [number, number, number];

/** @throws AnalysisError if an input is no picture */
export function pictureShape(shape: readonly (number | string)[]): PictureShape {
  const [height, width, channels] = shape.slice(1);
  if (shape.length === 4 && typeof height === "number" && typeof width === "number" && (channels === 1 || channels === 3))
    return [height, width, channels];
  throw new AnalysisError(`Its input ${`[${shape.join(", ")}]`} is no picture: [batch, height, width, 1 or 3 channels].`);
}

/** Runs a plan in evaluation mode; the caller's tidy owns the outputs. */
export const evaluate = ({ weights, seed }: Subject, plan: Plan, feeds: Readonly<Record<string, tf.Tensor>>, batch: number): tf.Tensor[] =>
  plan.run({ feeds, weights, training: false, step: 0, seed, batch }).outputs;

/** What values inputs have. */
export type Usual = {
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
};

/** The mean and the deviation of what an input usually is, over examples: where a search for inputs begins and stays. */
export function usualInput(examples: tf.Tensor): Usual {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(examples);
    const [low, high] = [tf.min(examples), tf.max(examples)].map((tensor) => tensor.dataSync()[0] as number) as [number, number];
    return { mean: mean.dataSync()[0] as number, deviation: Math.sqrt(variance.dataSync()[0] as number), low, high };
  });
}

/**
 * A search for inputs, uphill, from noise about what inputs usually are: Adam (Kingma and Ba 2015) on one tensor, which is the climber's own.
 * @param key names the noise
 * @param start what the noise is added to; the usual mean if absent
 */
export function createClimber(
  { mean: level, deviation, low, high }: Usual,
  shape: readonly number[],
  { seed }: Subject,
  key: string,
  start?: tf.Tensor,
) {
  const rate = 0.05 * (high - low);
  const noise = rng(seed, "climber", key).fillNormal(new Float32Array(shape.reduce((product, size) => product * size, 1)));
  let x = tf.tidy(() => tf.keep(tf.add(tf.mul(tf.tensor(noise, [...shape]), 0.1 * deviation), start ?? level)));
  let [mean, square] = [tf.keep(tf.zerosLike(x)), tf.keep(tf.zerosLike(x))];
  let step = 0;
  return {
    get x() {
      return x;
    },
    /** One step along a gradient, kept between the lowest and highest values that inputs have; within the caller's tidy. */
    climb(gradient: tf.Tensor): void {
      step++;
      const m = tf.add(tf.mul(mean, 0.9), tf.mul(gradient, 0.1));
      const v = tf.add(tf.mul(square, 0.999), tf.mul(tf.square(gradient), 0.001));
      const move = tf.div(tf.div(m, 1 - 0.9 ** step), tf.add(tf.sqrt(tf.div(v, 1 - 0.999 ** step)), 1e-8));
      const next = tf.clipByValue(tf.add(x, tf.mul(move, rate)), low, high);
      tf.dispose([x, mean, square]);
      [x, mean, square] = [tf.keep(next), tf.keep(m), tf.keep(v)];
    },
    /** Puts an altered search in its place. */
    alter(change: (x: tf.Tensor) => tf.Tensor): void {
      const next = tf.keep(change(x));
      if (next === x) return;
      x.dispose();
      x = next;
    },
    dispose: () => tf.dispose([x, mean, square]),
  };
}

/** Pictures blurred a little: binomial weights, the rim repeated. */
export function blurred(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const channels = x.shape[3] as number;
    const taps = [1, 2, 1].flatMap((a) => [1, 2, 1].flatMap((b) => Array<number>(channels).fill((a * b) / 16)));
    const wide = padded(
      x,
      [
        [1, 1],
        [1, 1],
      ],
      "replicate",
    );
    return tf.depthwiseConv2d(wide as tf.Tensor4D, tf.tensor4d(taps, [3, 3, channels, 1]), 1, "valid");
  });
}

/** Pictures moved by whole pixels, the rim repeated. */
export function shifted(x: tf.Tensor, down: number, right: number): tf.Tensor {
  const [count, height, width, channels] = x.shape as [number, number, number, number];
  const reach = Math.max(Math.abs(down), Math.abs(right));
  if (reach === 0) return x;
  const wide = padded(
    x,
    [
      [reach, reach],
      [reach, reach],
    ],
    "replicate",
  );
  return tf.slice(wide, [0, reach - down, reach - right, 0], [count, height, width, channels]);
}

/** Half the squared differences of neighbouring pixels: small for pictures that are smooth. */
export function roughness(x: tf.Tensor): tf.Tensor {
  const [count, height, width, channels] = x.shape as [number, number, number, number];
  const part = (top: number, left: number, rows: number, columns: number) => tf.slice(x, [0, top, left, 0], [count, rows, columns, channels]);
  const down = tf.sub(part(1, 0, height - 1, width), part(0, 0, height - 1, width));
  const across = tf.sub(part(0, 1, height, width - 1), part(0, 0, height, width - 1));
  return tf.div(tf.add(tf.sum(tf.square(down)), tf.sum(tf.square(across))), 2);
}
