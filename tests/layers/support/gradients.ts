import * as tf from "@tensorflow/tfjs-core";
import { rng } from "../../../src/tensor/random.ts";
import { type Bound, toTensor } from "./bound.ts";

/** A random projection of all float outputs, and what it takes to differentiate it. */

type Numbers = Readonly<Record<string, Float32Array>>;

const factors = (port: string, count: number): Float32Array => rng(21, port).fillNormal(new Float32Array(count));

/** The layer's float outputs as plain numbers. */
export function forward(bound: Bound, inputs = bound.free.map(({ values }) => values.data)): Numbers {
  return tf.tidy(() => {
    const tensors = bound.free.map(({ values }, i) => toTensor({ ...values, data: inputs[i] ?? values.data }));
    return Object.fromEntries(Object.entries(bound.apply(tensors)).map(([port, tensor]) => [port, Float32Array.from(tensor.dataSync())]));
  });
}

/** Σ factor · output, summed in double precision. */
export function projected(outputs: Numbers): number {
  let sum = 0;
  for (const [port, values] of Object.entries(outputs)) {
    const weights = factors(port, values.length);
    for (let i = 0; i < values.length; i++) sum += (weights[i] as number) * (values[i] as number);
  }
  return sum;
}

/** tfjs's gradients of the projection by each free tensor; undefined where none reaches it. */
export function gradients(bound: Bound): (Float32Array | undefined)[] {
  if (bound.free.length === 0) return [];
  const read: (Float32Array | undefined)[] = [];
  tf.tidy(() => {
    const tensors = bound.free.map(({ values }) => toTensor(values));
    const project = (): tf.Scalar => {
      const terms = Object.entries(bound.apply(tensors)).map(([port, y]) => tf.sum(tf.mul(y, tf.tensor(factors(port, y.size), y.shape))));
      return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
    };
    const { grads } = tf.engine().gradients(project, tensors, undefined, true);
    for (const grad of grads as (tf.Tensor | null | undefined)[]) read.push(grad ? Float32Array.from(grad.dataSync()) : undefined);
  });
  return read;
}

/** Relative to the gradient's length; the small constant is what float32 leaves of a difference quotient. */
const tolerance = { relative: 0.01, absolute: 1e-3 };
/** Tried in turn: a step that crosses a kink inside the layer is no evidence, so one that agrees is enough. */
const steps = [1e-3, 4e-3, 2.5e-4];

/**
 * Compares gradients with central differences along random directions of ±1, two for each free tensor.
 * @returns one line for each tensor whose gradient is wrong.
 */
export function wrongGradients(bound: Bound): string[] {
  const found = gradients(bound);
  const wrong: string[] = [];
  for (const [i, { name, values }] of bound.free.entries()) {
    const gradient = found[i] ?? new Float32Array(values.data.length);
    const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
    for (const key of [1, 2]) {
      const stream = rng(22, name, key);
      const direction = Float32Array.from(values.data, () => (stream.uniform() < 0.5 ? -1 : 1));
      const slope = gradient.reduce((sum, value, j) => sum + value * (direction[j] as number), 0);
      const measured: number[] = [];
      const agrees = steps.some((step) => {
        const difference = along(bound, i, direction, step);
        measured.push(difference);
        return Math.abs(difference - slope) <= tolerance.absolute + tolerance.relative * length;
      });
      if (!agrees) wrong.push(`${name}: gradient ${slope}, finite differences ${measured.join(", ")}`);
    }
  }
  return wrong;
}

function along(bound: Bound, index: number, direction: Float32Array, step: number): number {
  const at = (sign: number) =>
    projected(
      forward(
        bound,
        bound.free.map(({ values: { data } }, i) =>
          i === index ? Float32Array.from(data, (value, j) => value + sign * step * (direction[j] as number)) : data,
        ),
      ),
    );
  // The step as float32 rounds it would differ by 1e-4 of itself at most: within the tolerance.
  return (at(1) - at(-1)) / (2 * step);
}
