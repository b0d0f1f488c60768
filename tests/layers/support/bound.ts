import * as tf from "@tensorflow/tfjs-core";
import { type ApplyContext, isProblem, type Layer, type PortValues, type WeightSpec } from "../../../src/layers/contract.ts";
import { initialise } from "../../../src/layers/initialise.ts";
import { rng } from "../../../src/tensor/random.ts";
import { concreteShape, type TensorType } from "../../../src/tensor/types.ts";
import { type Case, env } from "./cases.ts";

/** The numbers of one tensor, on no backend yet. */
export interface Values {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  readonly data: Float32Array | Int32Array;
}

/** A case with all its numbers, and the layer as a plain function of them. */
export interface Bound {
  /** Float inputs and trainable weights: what gradients are taken of. */
  readonly free: readonly Named[];
  /** Names of the weights among them. */
  readonly weights: readonly string[];
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Applies the layer to tensors in the order of `free`; the caller's tidy owns all. */
  apply(free: readonly tf.Tensor[]): Readonly<Record<string, tf.Tensor>>;
}
interface Named {
  readonly name: string;
  readonly values: Values;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/**
 * Distinct numbers between −1 and 1, about evenly spread, in random order: none at 0 and no two closer than 1.8/n, so that
 * the kinks of ReLU and max pooling are out of reach of a finite difference. A little jitter, since sums of products of
 * round numbers would hit 0 exactly.
 */
export function spreadValues(shape: readonly number[], key: string): Values {
  const n = sizeOf(shape);
  const points = n % 2 === 0 ? n : n + 1;
  const stream = rng(11, key);
  const order = stream.permutation(points);
  const data = Float32Array.from({ length: n }, (_, i) => -1 + (2 * (order[i] as number) + 0.9 + 0.2 * stream.uniform()) / points);
  return { shape, dtype: "float32", data };
}

function inputValues(type: TensorType, port: string, key: string, [low, high]: readonly [number, number] = [-1, 1]): Values {
  const shape = type.shape.map(Number);
  if (type.dtype === "float32") {
    const values = spreadValues(shape, key);
    return { ...values, data: values.data.map((value) => low + ((value + 1) / 2) * (high - low)) };
  }
  const stream = rng(12, key);
  // A mask lets the first position of each row count: where nothing counts, nothing is defined.
  const row = shape.at(-1) ?? 1;
  if (port === "mask")
    return { shape, dtype: "int32", data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i % row === 0 ? 1 : stream.int(2))) };
  return { shape, dtype: "int32", data: Int32Array.from({ length: sizeOf(shape) }, () => stream.int(type.classes ?? 1)) };
}

/** Running statistics stay near their start (a variance must not be negative); everything else is spread. */
function weightValues(spec: WeightSpec, key: string): Values {
  const spread = spreadValues(spec.shape, key);
  if (spec.trainable !== false) return spread;
  const start = initialise(spec, rng(13, key));
  return { ...spread, data: start.map((value, i) => value + Math.abs(spread.data[i] as number) / 2) };
}

export const toTensor = ({ shape, dtype, data }: Values): tf.Tensor => tf.tensor(data, [...shape], dtype);

const context = (at: Case, layer: Layer): ApplyContext => {
  const stream = rng(14, layer.type);
  const draw = (shape: readonly number[], fill: (out: Float32Array) => Float32Array) => tf.tensor(fill(new Float32Array(sizeOf(shape))), [...shape]);
  return {
    training: at.training,
    step: 3,
    batch: batchOf(at.inputs),
    rng: { normal: (shape) => draw(shape, stream.fillNormal), uniform: (shape) => draw(shape, stream.fillUniform) },
    update: () => undefined,
  };
};
const batchOf = (inputs: PortValues<TensorType>): number => Number(Object.values(inputs).flat()[0]?.shape[0] ?? 2);

/** Draws the case's numbers: the same ones at every call. Every application sees the same random draws. */
export function bind(layer: Layer, at: Case): Bound {
  const { apply } = layer;
  if (!apply) throw new Error(`${layer.type} does not run.`);
  const inferred = layer.infer(at.inputs, at.params, env);
  if (isProblem(inferred)) throw new Error(`The case is wrong: ${inferred.problem}`);
  const batch = batchOf(at.inputs);
  const outputs = Object.fromEntries(
    Object.entries(inferred).map(([port, type]) => [port, { ...type, shape: concreteShape(type.shape, { batch }) }]),
  );
  const free: Named[] = [];
  const build: ((tensors: readonly tf.Tensor[]) => void)[] = [];
  let x: Record<string, tf.Tensor | tf.Tensor[] | undefined> = {};
  let w: Record<string, tf.Tensor> = {};
  const supply = (name: string, values: Values, isFree: boolean, put: (tensor: tf.Tensor) => void) => {
    const at = free.length;
    if (isFree) free.push({ name, values });
    build.push((tensors) => put(isFree ? (tensors[at] as tf.Tensor) : toTensor(values)));
  };
  for (const [port, value] of Object.entries(at.inputs)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) {
      build.push(() => {
        x[port] = [];
      });
      for (const [i, type] of value.entries())
        supply(`${port}[${i}]`, inputValues(type, port, port + i, at.range), true, (tensor) => (x[port] as tf.Tensor[]).push(tensor));
    } else {
      const type = value as TensorType;
      supply(port, inputValues(type, port, port, at.range), type.dtype === "float32", (tensor) => {
        x[port] = tensor;
      });
    }
  }
  const weights: string[] = [];
  for (const [name, spec] of Object.entries(layer.weights?.(at.inputs, at.params) ?? {})) {
    if (spec === undefined) continue;
    const trainable = spec.trainable !== false;
    if (trainable) weights.push(name);
    supply(name, weightValues(spec, `weight ${name}`), trainable, (tensor) => {
      w[name] = tensor;
    });
  }
  return {
    free,
    weights,
    outputs,
    apply(tensors) {
      x = {};
      w = {};
      for (const step of build) step(tensors);
      return apply(x, w, at.params, context(at, layer));
    },
  };
}
