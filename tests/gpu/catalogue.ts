import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { type BackendName, prepareBackend } from "../../src/backends/backends.ts";
import { missingKernels } from "../../src/backends/preflight.ts";
import { loadTracer } from "../../src/backends/trace.ts";
import type { Layer } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { type Bound, bind, toTensor } from "../layers/support/bound.ts";
import { type Case, exampleCases, variedCases } from "../layers/support/cases.ts";
import { forward, gradients } from "../layers/support/gradients.ts";

/** Layers on a graphics backend against the reference. Numbers are read without waiting for the device, which some cannot do otherwise. */

/** Types of the layers that run. */
export const runningLayers: readonly string[] = [...registry.values()].filter(({ apply }) => apply).map(({ type }) => type);

/** Layers after which tfjs's WebGPU backend keeps a buffer of its own; on `cpu` and `wasm` they leave none. Not yet traced to a kernel. */
const leaking: ReadonlySet<string> = new Set(["edge-update", "node-update"]);

/**
 * Layers of sines and cosines: WGSL promises them to 2⁻¹¹ only, and what is divided by a small one, or differentiated, is off by more.
 */
const angular: ReadonlySet<string> = new Set(["time-embedding", "diffuse", "denoise", "interpolate"]);
const closeness = (type: string): number => (angular.has(type) ? 0.02 : 1e-4);

type Numbers = Readonly<Record<string, Float32Array>>;

/**
 * Runs a layer's examples, and so many variations of them, forward and backward, on a backend that is prepared; `cpu` must be prepared too.
 * @returns one line for each kernel that is missing, number that is wrong, or tensor left behind
 */
export async function layerFaults(type: string, backend: BackendName, variations = 0): Promise<string[]> {
  const layer = registry.get(type);
  if (!layer) throw new Error(`There is no layer "${type}".`);
  const tracer = await loadTracer();
  const faults: string[] = [];
  const varied = variations === 0 ? [] : fc.sample(variedCases(layer), { numRuns: variations, seed: 2 });
  for (const at of [...exampleCases(layer), ...varied]) {
    await tf.setBackend("cpu");
    const { calls } = tracer.trace(() => {
      const bound = bind(layer, at);
      forward(bound);
      if (layer.differentiable !== false) gradients(bound);
    });
    const missing = missingKernels(calls, backend).map(({ kernel }) => kernel);
    if (missing.length > 0) {
      faults.push(`${type} needs ${missing.join(", ")}`);
      continue;
    }
    const expected = await numbersOf(layer, at);
    await tf.setBackend(backend);
    const held = tf.engine().backend.numDataIds();
    const found = await numbersOf(layer, at);
    const left = tf.engine().backend.numDataIds() - held;
    for (const fault of differences(found, expected, closeness(type))) faults.push(`${type} ${fault} at ${JSON.stringify(at)}`);
    if (left !== 0 && backend === "webgpu" && leaking.has(type))
      console.info(`${type}: tfjs's WebGPU keeps ${left} buffer behind; other backends none.`);
    else if (left !== 0) faults.push(`${type} leaves ${left} behind`);
  }
  await tf.setBackend("cpu");
  return faults;
}

/** Outputs, and the gradients of a random projection of them, by name. */
async function numbersOf(layer: Layer, at: Case): Promise<Numbers> {
  const bound = bind(layer, at);
  const kept = new Map<string, tf.Tensor>();
  try {
    tf.tidy(() => {
      const free = bound.free.map(({ values }) => toTensor(values));
      for (const [port, tensor] of Object.entries(bound.apply(free))) kept.set(port, tf.keep(tf.clone(tensor)));
      if (layer.differentiable !== false) for (const [name, tensor] of gradientsOf(bound, free)) kept.set(`gradient of ${name}`, tf.keep(tensor));
    });
    const read = await Promise.all([...kept].map(async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const));
    return Object.fromEntries(read);
  } finally {
    tf.dispose([...kept.values()]);
  }
}

function gradientsOf(bound: Bound, free: tf.Tensor[]): [string, tf.Tensor][] {
  if (free.length === 0) return [];
  const project = (): tf.Scalar => {
    const terms = Object.values(bound.apply(free)).map((y, i) =>
      tf.sum(tf.mul(y, toTensor({ shape: y.shape, dtype: "float32", data: wave(y.size, i) }))),
    );
    return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
  };
  const { grads } = tf.engine().gradients(project, free, undefined, true);
  return (grads as (tf.Tensor | null | undefined)[]).flatMap((gradient, i) => (gradient ? [[bound.free[i]?.name ?? "", gradient]] : []));
}

const wave = (length: number, phase: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(2.7 * i + phase + 1));

function differences(found: Numbers, expected: Numbers, closeness: number): string[] {
  return [...new Set([...Object.keys(found), ...Object.keys(expected)])].flatMap((name) => {
    const [one, other] = [found[name], expected[name]];
    if (!one || !other || one.length !== other.length) return [`${name} is there on one side only`];
    const scale = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = other.reduce((most, value, i) => Math.max(most, Math.abs(value - (one[i] ?? Number.NaN))), 0) / scale;
    return worst < closeness ? [] : [`${name} differs by ${worst}`];
  });
}

/** Prepares both sides. Small tensors are computed on the device too, not only large ones. */
export async function prepareAgainstReference(backend: BackendName, options: Parameters<typeof prepareBackend>[1]): Promise<void> {
  await prepareBackend("cpu");
  await prepareBackend(backend, options);
  const flag = { webgl: "WEBGL_CPU_FORWARD", webgpu: "WEBGPU_CPU_FORWARD" }[backend as string];
  if (flag !== undefined) tf.env().set(flag, false);
}
