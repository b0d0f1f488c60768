import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../backends/kernels/backend.ts";
import type { ProgramWish } from "./program/plan.ts";
import { createProgram } from "./program/program.ts";
import type { Recording } from "./recording.ts";
import { createReplay, type Replay } from "./replay.ts";

/**
 * Makes a recording repeatable in the way that suits the backend in use: as a program on our own, kernel by kernel on tfjs's.
 * Activations are recomputed, where that is wished, by a program alone.
 */
export function createExecutable(recording: Recording, wish: ProgramWish): Replay {
  const backend = tf.backend();
  return isOurs(backend) ? createProgram(backend, recording, wish) : createReplay(recording, wish.outputs, wish.fresh);
}

/** Not by `instanceof`, so that who trains on a graphics card need not load the processor's backend. */
const isOurs = (backend: tf.KernelBackend): backend is WasmBackend => "runLowered" in backend;
