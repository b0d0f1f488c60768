import "../../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import type { Safetensor } from "../../../src/tensor/safetensors.ts";
import type { Fixture, OptimiserFacts } from "../fixture.ts";
import type { WorkloadName } from "../workloads.ts";
import { networks } from "./networks.ts";

/** A network written by hand in tfjs, in training on the backend in use. */
export interface ByHand {
  /** Takes a step on the next of the fixture's batches, which lie on the device already. */
  step(): void;
  /** Takes a step for each of the fixture's batches. @returns the loss of each */
  check(): number[];
  dispose(): void;
}

/** Sets up a workload's network with the fixture's weights, batches and optimiser. */
export function openByHand(name: WorkloadName, { weights, frozen, batches, optimiser: facts }: Fixture): ByHand {
  const variables = new Map(
    Object.entries(weights).map(([key, tensor]) => [key, tf.tidy(() => tf.variable(tensorOf(tensor), !frozen.includes(key)))] as const),
  );
  const data = batches.map(
    (batch) => new Map([...Object.entries(batch).map(([port, tensor]) => [port, tensorOf(tensor)] as const), ...matrixOf(batch)]),
  );
  const optimiser = optimiserOf(facts);
  const weight = found("weight", variables);
  let next = 0;
  const minimise = (): tf.Scalar => {
    const batch = found("port", data[next++ % data.length] ?? new Map());
    const loss = () => networks[name](weight, batch);
    if (facts.clipNorm === undefined) return optimiser.minimize(loss, true) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss);
    optimiser.applyGradients(clipped(grads, facts.clipNorm));
    return value;
  };
  return {
    step: () => tf.tidy(() => void minimise()),
    check: () => data.map(() => tf.tidy(() => minimise().dataSync()[0] ?? Number.NaN)),
    dispose() {
      optimiser.dispose();
      tf.dispose([variables, ...data].flatMap((map) => [...map.values()]));
    },
  };
}

/** A graph's edges as the matrix that one multiplies by: tfjs's wasm backend cannot sum over edges. Made once, outside of training. */
function matrixOf({ x, edges }: Readonly<Record<string, Safetensor>>): (readonly [string, tf.Tensor])[] {
  if (x === undefined || edges === undefined) return [];
  const nodes = x.shape[0] ?? 0;
  const values = new Float32Array(nodes * nodes);
  for (let i = 0; i < edges.data.length; i += 2) values[Number(edges.data[i + 1]) * nodes + Number(edges.data[i])] = 1;
  return [["adjacency", tf.tensor(values, [nodes, nodes])]];
}

const found =
  <T>(what: string, map: ReadonlyMap<string, T>) =>
  (key: string): T => {
    const value = map.get(key);
    if (value === undefined) throw new Error(`There is no ${what} "${key}".`);
    return value;
  };

function tensorOf({ data, shape, dtype }: Safetensor): tf.Tensor {
  return tf.tensor(data, [...shape], dtype === "I32" ? "int32" : "float32");
}

function optimiserOf({ type, rate, momentum }: OptimiserFacts): tf.Optimizer {
  if (type === "adam") return tf.train.adam(rate, 0.9, 0.999, 1e-8);
  return momentum === undefined ? tf.train.sgd(rate) : tf.train.momentum(rate, momentum);
}

/** All gradients, made shorter together where their norm is beyond a bound. */
function clipped(grads: tf.NamedTensorMap, bound: number): tf.NamedTensorMap {
  const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))));
  const factor = tf.minimum(1, tf.div(bound, tf.add(norm, 1e-6)));
  return Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
