import * as tf from "@tensorflow/tfjs-core";
import type { TensorRng } from "../layers/contract.ts";
import { type Rng, rng } from "../tensor/random.ts";

/**
 * The random tensors of one node in one step: numbers come from the stream (seed, path, step), so that a run repeats
 * and a resumed one draws what it would have drawn. The stream starts with the first draw: most nodes have none.
 */
export function nodeDraws(seed: number, path: string, step: number): TensorRng {
  let stream: Rng | undefined;
  const draw = (shape: readonly number[], fill: (stream: Rng, out: Float32Array) => Float32Array): tf.Tensor => {
    stream ??= rng(seed, path, step);
    return tf.tensor(fill(stream, new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape], "float32");
  };
  return {
    normal: (shape) => draw(shape, (source, out) => source.fillNormal(out)),
    uniform: (shape) => draw(shape, (source, out) => source.fillUniform(out)),
  };
}
