import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

/** Both backends ready: the pure-JS one is the reference. */
export async function prepareBoth(): Promise<void> {
  await prepareBackend("cpu");
  await prepareBackend("wasm", { kernels: builtKernels });
}

/** The same normal numbers for the same shape and key, on whichever backend is current. */
export const drawn = (shape: number[], key: number | string): tf.Tensor =>
  tf.tensor(rng(7, key).fillNormal(new Float32Array(shape.reduce((a, b) => a * b, 1))), shape);

/** Runs a kernel by name, as tfjs's gradients do. */
export const runKernel = (name: string, inputs: Record<string, tf.Tensor>, attrs: Record<string, unknown>): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

async function on(backend: string, run: () => tf.Tensor): Promise<{ shape: number[]; values: Float32Array; left: number }> {
  await tf.setBackend(backend);
  const before = tf.engine().backend.numDataIds();
  const result = tf.tidy(() => {
    const y = run();
    return { shape: y.shape, values: Float32Array.from(y.dataSync()) };
  });
  return { ...result, left: tf.engine().backend.numDataIds() - before };
}

/** Fails unless the backends agree in shape and to 1e-4 of the largest number, and WebAssembly's heap is as full as before. */
export async function expectSame(run: () => tf.Tensor): Promise<void> {
  const cpu = await on("cpu", run);
  const wasm = await on("wasm", run);
  expect(wasm.shape).toEqual(cpu.shape);
  expect(wasm.left).toBe(0);
  const scale = cpu.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const difference = cpu.values.reduce((most, value, i) => Math.max(most, Math.abs(value - (wasm.values[i] ?? Number.NaN))), 0);
  expect(difference / scale).toBeLessThan(1e-4);
}
