import * as tf from "@tensorflow/tfjs-core";
import { rng } from "../tensor/random.ts";
import { gradientsOf } from "../training/step.ts";
import { blurred, createClimber, evaluate, pictureShape, roughness, shifted, usualInput } from "./pictures.ts";
import { channelsOf, onlyInput, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface MaximisationAnalysis {
  /** The output whose units are asked: `"conv2.y"`, `"linear.y"`. */
  readonly output: string;
  /** Channels (the last axis); the first ones if absent. */
  readonly channels?: readonly number[] | undefined;
  readonly steps: number;
  /** Weight of smoothness against activation. */
  readonly smooth: number;
  /** Pixels by which pictures are moved at most, anew in each step. */
  readonly jitter: number;
  /** Searches for each unit, of which the strongest picture is shown. */
  readonly starts: number;
}

const most = 16;
const blurEvery = 8;

/**
 * What a unit responds to most: pictures that make it large, found by gradient ascent from the mean picture and a little noise, within the
 * values that pictures have (Simonyan et al. 2014; UDL 10, "Visualizing convolutional networks"). What makes them readable: rough pictures cost
 * something, every few steps they are blurred (Yosinski et al. 2015), in each step they are moved by some pixels (Mordvintsev et al. 2015),
 * and of several searches the strongest counts. For a map of activations its mean counts.
 * Figures: `gain`: the activation reached, over the largest that held-out examples reach (median over units).
 * @throws AnalysisError if the output does not exist, or its input is no picture
 */
export async function activationMaximisation(
  subject: Subject,
  { output, channels, steps, smooth, jitter, starts }: MaximisationAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const target = outputNamed(subject, output);
  const plan = subject.program.plan([target]);
  const input = onlyInput(plan);
  const shape = pictureShape(input.type.shape);
  const units = channelsOf(subject, target);
  const wanted = (channels ?? Array.from({ length: units }, (_, i) => i)).filter((channel) => channel < units).slice(0, most);
  if (wanted.length === 0) throw new AnalysisError(`"${output}" has ${units} channels; none of those asked for is among them.`);
  /** `[pictures, …, units]` → `[pictures, units]`. */
  const perUnit = (y: tf.Tensor) => tf.mean(tf.reshape(y, [y.shape[0] as number, -1, units]), 1);
  const usual = tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, 256);
    const best = tf.max(perUnit(evaluate(subject, plan, feeds, batch)[0] as tf.Tensor), 0).dataSync();
    return { ...usualInput(feeds[input.key] as tf.Tensor), best, picture: tf.keep(tf.mean(feeds[input.key] as tf.Tensor, 0, true)) };
  });
  const searched = Array.from({ length: starts }, () => wanted).flat();
  const count = searched.length;
  const climber = createClimber(usual, [count, ...shape], subject, output, usual.picture);
  const moves = rng(subject.seed, "jitter", output);
  const own = tf.tidy(() => tf.keep(tf.oneHot(tf.tensor1d(searched, "int32"), units)));
  const activation = (x: tf.Tensor) => tf.sum(tf.mul(perUnit(evaluate(subject, plan, { [input.key]: x }, count)[0] as tf.Tensor), own), 1);
  try {
    for (let step = 0; step < steps; step++) {
      tf.tidy(() => {
        const [down, right] = [moves.int(2 * jitter + 1) - jitter, moves.int(2 * jitter + 1) - jitter];
        const [gradient] = gradientsOf(
          () => tf.sub(tf.sum(activation(shifted(climber.x, down, right))), tf.mul(roughness(climber.x), smooth)),
          [climber.x],
        );
        if (gradient) climber.climb(gradient);
        // Not at the end: what is shown is what was climbed to.
        if (step % blurEvery === blurEvery - 1 && step < 0.8 * steps) climber.alter(blurred);
      });
      if (step % 16 === 15) await progress((step + 1) / steps);
    }
    const all = tf.tidy(() => [...activation(climber.x).dataSync()]);
    const best = wanted.map((_, i) => {
      const places = Array.from({ length: starts }, (_, start) => start * wanted.length + i);
      return places.reduce((most, place) => ((all[place] as number) > (all[most] as number) ? place : most));
    });
    const reached = best.map((place) => all[place] as number);
    const gains = reached.map((value, i) => value / Math.max(1e-6, Math.abs(usual.best[wanted[i] as number] as number))).sort((a, b) => a - b);
    const values = tf.tidy(() => Float32Array.from(tf.gather(climber.x, tf.tensor1d(best, "int32")).dataSync()));
    return {
      figures: { gain: gains[Math.floor(gains.length / 2)] as number },
      about: "Activation reached, over the largest that 256 held-out examples reach; the median over units.",
      findings: [
        {
          kind: "images",
          title: `What the units of ${output} respond to most`,
          shape: [wanted.length, ...shape],
          values,
          captions: wanted.map((channel, i) => `${channel}: ${(reached[i] as number).toPrecision(3)}`),
        },
      ],
    };
  } finally {
    climber.dispose();
    tf.dispose([own, usual.picture]);
  }
}
