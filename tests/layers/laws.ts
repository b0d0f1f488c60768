import * as tf from "@tensorflow/tfjs-core";
import type { ApplyContext, Layer, PortValues } from "../../src/layers/contract.ts";
import { rng as stream } from "../../src/tensor/random.ts";
import type { DType, TensorType } from "../../src/tensor/types.ts";

/** What the laws of the families are tested with: a layer on concrete tensors, its weights drawn at random. */

const typeOf = (tensor: tf.Tensor): TensorType => ({ shape: tensor.shape, dtype: tensor.dtype as DType });

const env = { dataset: () => undefined, datasetNames: () => [] };

/** A standard normal tensor, the same for the same seed. */
export function normal(seed: number, ...shape: number[]): tf.Tensor {
  return tf.tensor(stream(seed, "normal").fillNormal(new Float32Array(tf.util.sizeFromShape(shape))), shape);
}

export interface Bound {
  apply(inputs: PortValues<tf.Tensor>, more?: Partial<ApplyContext>): Readonly<Record<string, tf.Tensor>>;
  /** Also the conditions, where the layer has some, under their ports' names. */
  inverse(outputs: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>;
}

/**
 * A layer with its parameters and random weights of the given scale, for inputs like the ones given.
 * Call it and its results inside `tf.tidy`.
 */
export function bind(layer: Layer, params: Readonly<Record<string, unknown>>, like: PortValues<tf.Tensor>, seed = 1, scale = 0.5): Bound {
  const p = layer.params.parse(params);
  const types = Object.fromEntries(
    Object.entries(like).map(([port, value]) => [port, Array.isArray(value) ? value.map(typeOf) : value && typeOf(value as tf.Tensor)]),
  );
  const inferred = layer.infer(types, p, env);
  if ("problem" in inferred) throw new Error(`The case is wrong: ${inferred.problem}`);
  const weights: Record<string, tf.Tensor> = {};
  for (const [name, spec] of Object.entries(layer.weights?.(types, p) ?? {}))
    if (spec) weights[name] = tf.tidy(() => tf.mul(normal(seed + name.length * 31 + name.charCodeAt(name.length - 1), ...spec.shape), scale));
  const context = (more: Partial<ApplyContext>): ApplyContext => ({
    training: false,
    step: 0,
    batch: 1,
    rng: {
      normal: (shape) => normal(seed, ...shape),
      uniform: (shape) => tf.tensor(stream(seed, "uniform").fillUniform(new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape]),
    },
    update: () => undefined,
    ...more,
  });
  return {
    apply(inputs, more = {}) {
      if (!layer.apply) throw new Error(`${layer.type} does not run.`);
      return layer.apply(inputs, weights, p, context(more));
    },
    inverse(outputs) {
      if (!layer.inverse) throw new Error(`${layer.type} has no inverse.`);
      return layer.inverse(outputs, weights, p, context({}), outputs, {}) as Readonly<Record<string, tf.Tensor>>;
    },
  };
}

/** The output of that name. */
export function out(outputs: Readonly<Record<string, tf.Tensor>>, port: string): tf.Tensor {
  const tensor = outputs[port];
  if (!tensor) throw new Error(`There is no output "${port}".`);
  return tensor;
}

/** The largest absolute difference of two tensors of one shape. */
export function distance(a: tf.Tensor, b: tf.Tensor): number {
  if (a.shape.join() !== b.shape.join()) throw new Error(`Shapes differ: [${a.shape}] and [${b.shape}].`);
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
}

/** The same tensor with the entries of one axis in another order. */
export const reorder = (x: tf.Tensor, order: readonly number[], axis: number): tf.Tensor => tf.gather(x, tf.tensor1d([...order], "int32"), axis);

/** Runs a case and says how many tensors it leaves behind. */
export function leaked(run: () => void): number {
  const before = tf.memory().numTensors;
  tf.tidy(run);
  return tf.memory().numTensors - before;
}
