import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { WasmBackend } from "../../src/backends/kernels/backend.ts";
import { registerWasmBackend } from "../../src/backends/kernels/register.ts";
import { builtKernels } from "../support/kernels.ts";

tf.enableProdMode();
await registerWasmBackend(builtKernels, 2);

/** What a run gave on one backend. */
interface Outcome {
  readonly shapes: number[][];
  readonly values: number[][];
  /** Tensors and bytes that were there after and not before. */
  readonly left: number;
}

/**
 * Runs tfjs operations on tfjs's JavaScript and on our kernels: shapes equal, numbers within `tolerance` relative to the larger
 * of 1 and the reference's largest number, nothing left behind.
 */
export async function expectSame(run: () => tf.Tensor | tf.Tensor[], tolerance = 1e-4): Promise<void> {
  const reference = await on("cpu", run);
  const ours = await on("wasm", run);
  expect(ours.shapes).toEqual(reference.shapes);
  expect(ours.left).toBe(0);
  for (const [i, values] of reference.values.entries()) {
    const scale = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1);
    const difference = values.reduce((most, value, j) => {
      const other = ours.values[i]?.[j] ?? Number.NaN;
      return Object.is(value, other) || value === other ? most : Math.max(most, Math.abs(value - other)) || Number.NaN;
    }, 0);
    expect(difference / scale, `output ${i}`).toBeLessThan(tolerance);
  }
}

async function on(name: "cpu" | "wasm", run: () => tf.Tensor | tf.Tensor[]): Promise<Outcome> {
  await tf.setBackend(name);
  const tensors = tf.memory().numTensors;
  const bytes = heapBytes();
  const made = tf.tidy(run);
  const results = Array.isArray(made) ? made : [made];
  const values = await Promise.all(results.map(async (tensor) => Array.from(await tensor.data())));
  const shapes = results.map(({ shape }) => shape);
  tf.dispose(results);
  return { shapes, values, left: tf.memory().numTensors - tensors + heapBytes() - bytes };
}

function heapBytes(): number {
  const backend = tf.backend();
  return backend instanceof WasmBackend ? backend.machine.heap.used : 0;
}
