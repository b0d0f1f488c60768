import * as tf from "@tensorflow/tfjs-core";
import type { HeldMemory } from "./types.ts";

/**
 * Memory in use now. A backend that knows all it has given out says so itself: ours on `wasm` counts the stretches in which
 * programs compute, where tfjs counts its tensors alone. Of others the tensors' bytes are all that is known.
 */
export function heldMemory(): HeldMemory {
  const { numTensors: tensors, numBytes } = tf.memory();
  const own: object = tf.backend().memory();
  return "numBytes" in own && typeof own.numBytes === "number"
    ? { tensors, bytes: own.numBytes, whole: true }
    : { tensors, bytes: numBytes, whole: false };
}
