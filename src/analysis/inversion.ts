import * as tf from "@tensorflow/tfjs-core";
import { gradientsOf } from "../training/step.ts";
import { createClimber, evaluate, pictureShape, roughness, usualInput } from "./pictures.ts";
import { onlyInput, outputNamed, type Subject } from "./subject.ts";
import type { Found } from "./types.ts";

export interface InversionAnalysis {
  /** Outputs at growing depth, each inverted by itself: `["conv1.y", "conv2.y"]`. */
  readonly outputs: readonly string[];
  /** Held-out examples. */
  readonly examples: number;
  readonly steps: number;
  readonly smooth: number;
}

/**
 * Pictures that look alike to a layer: from noise, by gradient descent on the difference of its activations to those of real examples
 * (Mahendran and Vedaldi 2015; UDL 10 notes). What comes back says what the layer still knows of its input. Figures: `<output>`: squared
 * difference of the activations that is left, as a share of their size.
 * @throws AnalysisError if an output does not exist, or its input is no picture
 */
export async function networkInversion(
  subject: Subject,
  { outputs, examples, steps, smooth }: InversionAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const figures: Record<string, number> = {};
  const rows: Float32Array[] = [];
  const captions: string[] = [];
  let shape: readonly [number, number, number] = [1, 1, 1];
  let count = 0;
  for (const [at, name] of outputs.entries()) {
    const plan = subject.program.plan([outputNamed(subject, name)]);
    const input = onlyInput(plan);
    shape = pictureShape(input.type.shape);
    const { original, wanted, size, usual } = tf.tidy(() => {
      const { feeds, batch } = subject.examples(plan, examples);
      const pictures = feeds[input.key] as tf.Tensor;
      count = batch;
      const activations = evaluate(subject, plan, feeds, batch)[0] as tf.Tensor;
      const squares = Math.max(1e-12, tf.sum(tf.square(activations)).dataSync()[0] as number);
      return { original: tf.keep(pictures), wanted: tf.keep(activations), size: squares, usual: usualInput(pictures) };
    });
    const climber = createClimber(usual, original.shape, subject, name);
    const difference = (x: tf.Tensor) =>
      tf.div(tf.sum(tf.squaredDifference(evaluate(subject, plan, { [input.key]: x }, count)[0] as tf.Tensor, wanted)), size);
    try {
      for (let step = 0; step < steps; step++) {
        tf.tidy(() => {
          const [gradient] = gradientsOf(
            () => tf.neg(tf.add(difference(climber.x), tf.mul(roughness(climber.x), smooth / original.size))),
            [climber.x],
          );
          if (gradient) climber.climb(gradient);
        });
        if (step % 16 === 15) await progress((at + (step + 1) / steps) / outputs.length);
      }
      figures[name] = tf.tidy(() => difference(climber.x).dataSync()[0] as number);
      if (at === 0) {
        rows.push(Float32Array.from(await original.data()));
        captions.push(...Array.from({ length: count }, (_, i) => `example ${i + 1}`));
      }
      rows.push(Float32Array.from(await climber.x.data()));
      captions.push(...Array.from({ length: count }, () => `from ${name}`));
    } finally {
      climber.dispose();
      tf.dispose([original, wanted]);
    }
  }
  const values = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    values.set(row, offset);
    offset += row.length;
  }
  return {
    figures,
    findings: [
      { kind: "images", title: "Examples, and what each layer still knows of them", shape: [rows.length * count, ...shape], values, captions },
    ],
  };
}
