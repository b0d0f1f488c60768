import * as tf from "@tensorflow/tfjs-core";
import { gradientsOf } from "../training/step.ts";
import { evaluate, pictureShape } from "./pictures.ts";
import { onlyInput, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface SaliencyAnalysis {
  /** Scores of classes `[batch, classes]`: `"linear2.y"`. */
  readonly output: string;
  readonly examples: number;
}

/**
 * Which pixels matter: the gradient of the winning class's score by the input, its magnitude (Simonyan et al. 2014).
 * Figures: `share`: the part of the gradient's size that lies on the brighter half of the pixels.
 * @throws AnalysisError if the output is not one score for each class, or the input is no picture
 */
export function saliency(subject: Subject, { output, examples }: SaliencyAnalysis): Found {
  const plan = subject.program.plan([outputNamed(subject, output)]);
  const input = onlyInput(plan);
  const [height, width, channels] = pictureShape(input.type.shape);
  return tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, examples);
    const pictures = feeds[input.key] as tf.Tensor;
    const winner: number[] = [];
    const [gradient] = gradientsOf(() => {
      const scores = evaluate(subject, plan, feeds, batch)[0] as tf.Tensor;
      if (scores.rank !== 2) throw new AnalysisError(`"${output}" is not one score for each class.`);
      winner.push(...tf.argMax(scores, 1).dataSync());
      return tf.sum(tf.max(scores, 1));
    }, [pictures]);
    const size = tf.max(tf.abs(gradient ?? tf.zerosLike(pictures)), 3, true);
    const brightness = tf.mean(pictures, 3, true);
    const bright = tf.cast(tf.greater(brightness, tf.mean(brightness, [1, 2], true)), "float32");
    const share = (tf.sum(tf.mul(size, bright)).dataSync()[0] as number) / Math.max(1e-12, tf.sum(size).dataSync()[0] as number);
    const scaled = tf.div(size, tf.maximum(tf.max(size, [1, 2], true), 1e-12));
    const grey = channels === 1 ? scaled : tf.tile(scaled, [1, 1, 1, 3]);
    return {
      figures: { share },
      findings: [
        {
          kind: "images" as const,
          title: "Examples, and the pixels that the winning class depends on",
          shape: [2 * batch, height, width, channels] as const,
          values: Float32Array.from(tf.concat([pictures, grey]).dataSync()),
          captions: [...winner.map((label) => `taken for ${label}`), ...winner.map(() => "gradient")],
        },
      ],
    };
  });
}
