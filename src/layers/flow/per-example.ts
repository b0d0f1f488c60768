import * as tf from "@tensorflow/tfjs-core";
import { type Dim, f32, formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** The sum over all axes but the batch's: `[batch, …] → [batch]`. */
export const sumEach = (values: tf.Tensor): tf.Tensor => (values.rank === 1 ? tf.clone(values) : tf.sum(values, [...values.shape.keys()].slice(1)));

/** Numbers in one example: 64 of `[batch, 8, 8, 1]`. */
export const sizeEach = (shape: readonly number[]): number => shape.slice(1).reduce((product, size) => product * size, 1);

/** The same for every example of x: `[batch]`. */
export const sameEach = (value: tf.Tensor | number, x: tf.Tensor): tf.Tensor => tf.add(tf.zeros([x.shape[0] as number]), value);

/** Outputs of a flow layer that keeps its input's shape, or what is wrong with that input. */
export function flowTypes(x: TensorType): { y: TensorType; logdet: TensorType } | LayerProblem {
  if (x.shape.length < 2 || x.shape.slice(1).some((dim) => typeof dim !== "number"))
    return problem("A flow needs examples of fixed size.", { port: "x", expected: "[batch, …, features]", received: formatShape(x.shape) });
  return { y: f32(...x.shape), logdet: f32(x.shape[0] as Dim) };
}

export const flowPort = { dtype: "float32", help: "Vectors [batch, features] or images [batch, height, width, channels]." } as const;
