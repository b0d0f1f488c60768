import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../backends/kernels/backend.ts";
import { createProgram } from "./program/program.ts";
import type { Recording, Use } from "./recording.ts";
import { createReplay, type Replay } from "./replay.ts";

/**
 * Makes a recording repeatable in the way that suits the backend in use: as a program on our own, kernel by kernel on tfjs's.
 * @param outputs what a run is to give
 * @param fresh declared values whose data a run takes over
 */
export function createExecutable(recording: Recording, outputs: readonly Use[], fresh: ReadonlySet<number>): Replay {
  const backend = tf.backend();
  return isOurs(backend) ? createProgram(backend, recording, outputs, fresh) : createReplay(recording, outputs, fresh);
}

/** Not by `instanceof`, so that who trains on a graphics card need not load the processor's backend. */
const isOurs = (backend: tf.KernelBackend): backend is WasmBackend => "runLowered" in backend;
