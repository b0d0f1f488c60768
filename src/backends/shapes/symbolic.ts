import * as tf from "@tensorflow/tfjs-core";
import type { ShapeBackend } from "./backend.ts";

/** Name of the backend of shapes. */
export const shapesBackend = "netloom-shapes";

/** Code wanted to know numbers where there are only shapes. */
export class SymbolicError extends Error {
  override readonly name = "SymbolicError";
  override readonly message = "Only shapes are known here: numbers of a computed tensor cannot be read.";
}

/** Loads the backend of shapes. */
export async function loadShapes(): Promise<void> {
  if (!hasShapes()) (await import("./backend.ts")).registerShapes();
}

/** True once it is loaded, with our `wasm` backend at the latest. */
export const hasShapes = (): boolean => tf.findBackendFactory(shapesBackend) !== null;

/**
 * Runs a synchronous function on the backend of shapes, and goes back to the one before. Its tensors must not get out of it, and
 * tensors of other backends must not be used in it.
 * @throws SymbolicError if it reads numbers that were computed; and what it throws itself
 */
export function runOnShapes<T>(run: () => T): T {
  const before = tf.getBackend();
  // For a backend that starts at once `setBackend` has switched when it returns; nothing else can run in between.
  void tf.setBackend(shapesBackend);
  try {
    return run();
  } finally {
    if (before) void tf.setBackend(before);
  }
}

/** A tensor without numbers; the backend of shapes must be in use. */
export function outlineTensor(shape: readonly number[], dtype: tf.DataType = "float32"): tf.Tensor {
  const backend = tf.backend();
  if (!outlines(backend)) throw new Error("Tensors without numbers live on the backend of shapes alone.");
  return tf.engine().makeTensorFromTensorInfo(backend.outline(shape, dtype));
}

/** Not by `instanceof`, so that the backend is loaded only where it is needed. */
const outlines = (backend: tf.KernelBackend): backend is ShapeBackend => "outline" in backend;
