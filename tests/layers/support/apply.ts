import * as tf from "@tensorflow/tfjs-core";
import { type ApplyContext, isProblem } from "../../../src/layers/contract.ts";
import { registry } from "../../../src/layers/registry.ts";
import { rng } from "../../../src/tensor/random.ts";
import type { DType, TensorType } from "../../../src/tensor/types.ts";
import { env } from "./cases.ts";

/** Nested lists, as one writes a small tensor. */
export type Nested = number | readonly Nested[];

export interface Applied {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly weights?: Readonly<Record<string, Nested>>;
  /** Ports whose numbers are labels. */
  readonly labels?: readonly string[];
  readonly training?: boolean;
  readonly updates?: Map<string, number[]>;
}

/** A layer of the registry on numbers written out: port → shape and numbers. Refuses what `infer` refuses. */
export function apply(type: string, inputs: Readonly<Record<string, Nested | readonly Nested[]>>, at: Applied = {}) {
  return tf.tidy(() => {
    const layer = registry.get(type);
    if (!layer?.apply) throw new Error(`There is no "${type}" that runs.`);
    const params = layer.params.parse(at.params ?? {});
    const tensor = (value: Nested, dtype: DType = "float32") => tf.tensor(value as tf.TensorLike, undefined, dtype);
    const x = Object.fromEntries(
      Object.entries(inputs).map(([port, value]) => [
        port,
        layer.inputs[port]?.many
          ? (value as readonly Nested[]).map((one) => tensor(one))
          : tensor(value, at.labels?.includes(port) ? "int32" : "float32"),
      ]),
    );
    const typeOf = (one: tf.Tensor): TensorType => ({ shape: one.shape, dtype: one.dtype as DType });
    const types = Object.fromEntries(Object.entries(x).map(([port, value]) => [port, Array.isArray(value) ? value.map(typeOf) : typeOf(value)]));
    const inferred = layer.infer(types, params, env);
    if (isProblem(inferred)) throw new Error(inferred.problem);
    const w = Object.fromEntries(Object.entries(at.weights ?? {}).map(([name, value]) => [name, tensor(value)]));
    const stream = rng(5, type);
    const draw = (shape: readonly number[], fill: (out: Float32Array) => Float32Array) =>
      tf.tensor(fill(new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape]);
    const context: ApplyContext = {
      training: at.training ?? false,
      step: 0,
      batch: 1,
      rng: { normal: (shape) => draw(shape, stream.fillNormal), uniform: (shape) => draw(shape, stream.fillUniform) },
      update: (weight, value) => at.updates?.set(weight, [...value.dataSync()]),
    };
    const outputs = layer.apply(x, w, params, context);
    return Object.fromEntries(Object.entries(outputs).map(([port, y]) => [port, { shape: y.shape, values: [...y.dataSync()] }]));
  });
}

/** The numbers of the output `y`, or of the one that is named. */
export function values(applied: ReturnType<typeof apply>, port = "y"): number[] {
  const output = applied[port];
  if (!output) throw new Error(`There is no output "${port}".`);
  return output.values;
}

/** Fails unless all numbers agree to 1e-5. */
export const near = (got: readonly number[], wanted: readonly number[]): boolean =>
  got.length === wanted.length &&
  got.every((value, i) => Math.abs(value - (wanted[i] as number)) <= 1e-5 * Math.max(1, Math.abs(wanted[i] as number)));
