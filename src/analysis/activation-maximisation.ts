import * as tf from "@tensorflow/tfjs-core";
import { gradientsOf } from "../training/step.ts";
import { createClimber, evaluate, pictureShape, roughness, usualInput } from "./pictures.ts";
import { onlyInput, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface MaximisationAnalysis {
  /** The output whose units are asked: `"conv2.y"`, `"linear.y"`. */
  readonly output: string;
  /** Channels (the last axis); the first ones if absent. */
  readonly channels?: readonly number[] | undefined;
  readonly steps: number;
  /** Weight of smoothness against activation. */
  readonly smooth: number;
}

const most = 16;

/**
 * What a unit responds to most: pictures that make it large, found by gradient ascent from noise, kept smooth and within the values that
 * pictures have (Simonyan et al. 2014; UDL 10, "Visualizing convolutional networks"). For a map of activations its mean counts.
 * Figures: `gain`: the activation reached, over the largest that held-out examples reach (median over units).
 * @throws AnalysisError if the output does not exist, or its input is no picture
 */
export async function activationMaximisation(
  subject: Subject,
  { output, channels, steps, smooth }: MaximisationAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const target = outputNamed(subject, output);
  const plan = subject.program.plan([target]);
  const input = onlyInput(plan);
  const shape = pictureShape(input.type.shape);
  const units = subject.checked.facts[subject.checked.byPath.get(target.path) ?? -1]?.outputs[target.port]?.shape.at(-1);
  if (typeof units !== "number") throw new AnalysisError(`"${output}" has no channels to look at.`);
  const wanted = (channels ?? Array.from({ length: units }, (_, i) => i)).filter((channel) => channel < units).slice(0, most);
  if (wanted.length === 0) throw new AnalysisError(`"${output}" has ${units} channels; none of those asked for is among them.`);
  /** `[pictures, …, units]` → `[pictures, units]`. */
  const perUnit = (y: tf.Tensor) => tf.mean(tf.reshape(y, [y.shape[0] as number, -1, units]), 1);
  const usual = tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, 256);
    const best = tf.max(perUnit(evaluate(subject, plan, feeds, batch)[0] as tf.Tensor), 0).dataSync();
    return { ...usualInput(feeds[input.key] as tf.Tensor), best };
  });
  const count = wanted.length;
  const climber = createClimber(usual, [count, ...shape], subject, output);
  const own = tf.tidy(() => tf.keep(tf.oneHot(tf.tensor1d(wanted, "int32"), units)));
  const activation = (x: tf.Tensor) => tf.sum(tf.mul(perUnit(evaluate(subject, plan, { [input.key]: x }, count)[0] as tf.Tensor), own), 1);
  try {
    for (let step = 0; step < steps; step++) {
      tf.tidy(() => {
        const [gradient] = gradientsOf(() => tf.sub(tf.sum(activation(climber.x)), tf.mul(roughness(climber.x), smooth)), [climber.x]);
        if (gradient) climber.climb(gradient);
      });
      if (step % 16 === 15) await progress((step + 1) / steps);
    }
    const reached = tf.tidy(() => [...activation(climber.x).dataSync()]);
    const gains = reached.map((value, i) => value / Math.max(1e-6, Math.abs(usual.best[wanted[i] as number] as number))).sort((a, b) => a - b);
    const values = Float32Array.from(await climber.x.data());
    return {
      figures: { gain: gains[Math.floor(gains.length / 2)] as number },
      findings: [
        {
          kind: "images",
          title: `What the units of ${output} respond to most`,
          shape: [count, ...shape],
          values,
          captions: wanted.map((channel, i) => `${channel}: ${(reached[i] as number).toPrecision(3)}`),
        },
      ],
    };
  } finally {
    climber.dispose();
    own.dispose();
  }
}
