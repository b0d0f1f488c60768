import * as tf from "@tensorflow/tfjs-core";
import { evaluate } from "./pictures.ts";
import { outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface FeatureMapAnalysis {
  /** An output of a map of activations: `"conv1.y"`. */
  readonly output: string;
  /** Which of the held-out examples, from 0. */
  readonly example: number;
}

const most = 64;

/** The activations of a layer for one example: a picture for each channel, or one with a row for each place of a sequence. */
export function featureMaps(subject: Subject, { output, example }: FeatureMapAnalysis): Found {
  const plan = subject.program.plan([outputNamed(subject, output)]);
  return tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, example + 1);
    if (example >= batch) throw new AnalysisError(`There are only ${batch} examples to look at.`);
    const y = evaluate(subject, plan, feeds, batch)[0] as tf.Tensor;
    const [first, ...rest] = y.shape;
    if (first !== batch || rest.length === 0 || rest.length > 3)
      throw new AnalysisError(`"${output}" [${y.shape.join(", ")}] is no map of activations for each example.`);
    const own = tf.reshape(tf.slice(y, example, 1), rest);
    const [height = 1, width = 1, channels = 1] = rest.length === 3 ? rest : rest.length === 2 ? [rest[0], rest[1], 1] : [1, rest[0], 1];
    const shown = Math.min(most, channels);
    const maps = tf.slice(tf.transpose(tf.reshape(own, [height, width, channels]), [2, 0, 1]), 0, shown);
    return {
      figures: {},
      findings: [
        {
          kind: "images" as const,
          title: `${output} for example ${example + 1}`,
          shape: [shown, height, width, 1] as const,
          values: Float32Array.from(maps.dataSync()),
          captions: Array.from({ length: shown }, (_, i) => (channels === 1 ? output : `channel ${i}`)),
        },
      ],
    };
  });
}
