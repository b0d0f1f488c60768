import * as tf from "@tensorflow/tfjs-core";
import { WasmBackend } from "../../src/backends/kernels/backend.ts";

/** Bytes in use on the backend: of the WebAssembly heap, plans and scratch included; elsewhere what tfjs counts for its tensors. */
export function bytesInUse(): number {
  const backend = tf.backend();
  return backend instanceof WasmBackend ? backend.machine.heap.used : tf.memory().numBytes;
}
