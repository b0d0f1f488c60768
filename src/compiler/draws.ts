import * as tf from "@tensorflow/tfjs-core";
import type { TensorRng } from "../layers/contract.ts";
import { type Rng, rng } from "../tensor/random.ts";

export type Distribution = keyof TensorRng;

/**
 * The random numbers of one node in one step, from the stream (seed, path, step), so that a run repeats and a resumed one draws
 * what it would have drawn. The stream starts with the first draw: most nodes have none.
 */
export function nodeStream(seed: number, path: string, step: number): (distribution: Distribution, shape: readonly number[]) => Float32Array {
  let stream: Rng | undefined;
  return (distribution, shape) => {
    stream ??= rng(seed, path, step);
    const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return distribution === "normal" ? stream.fillNormal(out) : stream.fillUniform(out);
  };
}

/** The same as tensors. The caller's tidy owns them. */
export function nodeDraws(seed: number, path: string, step: number): TensorRng {
  const draw = nodeStream(seed, path, step);
  return {
    normal: (shape) => tf.tensor(draw("normal", shape), [...shape], "float32"),
    uniform: (shape) => tf.tensor(draw("uniform", shape), [...shape], "float32"),
  };
}
