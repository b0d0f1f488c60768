import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./kernels/backend.ts";
import { heapLimit } from "./kernels/heap.ts";

/** Bytes that tensors may still take on the backend in use; infinitely many where nobody says. */
export function tensorRoom(): number {
  const backend = tf.backend();
  return isOurs(backend) ? heapLimit - backend.machine.heap.used : Number.POSITIVE_INFINITY;
}

/** Not by `instanceof`, so that who trains on a graphics card need not load the processor's backend. */
const isOurs = (backend: tf.KernelBackend): backend is WasmBackend => "runLowered" in backend;
