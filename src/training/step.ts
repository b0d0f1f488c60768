import * as tf from "@tensorflow/tfjs-core";
import { clipByGlobalNorm } from "./clipping.ts";
import type { Fed } from "./feeds.ts";
import type { Phase } from "./phases.ts";
import { learningRate } from "./schedules.ts";
import type { ModelState } from "./state.ts";

/** What a step leaves to be read, if somebody wants to: scalar tensors, the receiver's own. */
export interface StepTrace {
  /** The values of the phase's targets: objective first, then losses on the way to it. */
  readonly losses: readonly tf.Tensor[];
  /** Norm of all gradients before clipping, where the phase clips. */
  readonly norm?: tf.Tensor;
  readonly rate: number;
}

/**
 * One update of one phase: forward, backward, clip, move, and running averages put in place. Nothing is read back.
 * Of all that is computed, and of the feeds, only the new weights, slots and the trace remain. If it throws, nothing has changed.
 */
export function trainPhase(phase: Phase, update: number, feed: () => Fed, state: ModelState, seed: number): StepTrace {
  const { planned, plan, moves, optimiser } = phase;
  const rate = learningRate(planned.optimiser.rate, planned.schedule, update, phase.updates);
  const losses: tf.Tensor[] = [];
  let norm: tf.Tensor | undefined;
  tf.tidy(() => {
    const { weights, step } = state;
    const moving = moves.map((index) => weights[index] as tf.Tensor);
    const fed = feed();
    let running: ReadonlyMap<number, tf.Tensor> = new Map();
    const grads = gradientsOf(() => {
      const result = plan.run({ ...fed, weights, training: true, step, seed });
      running = result.updates;
      losses.push(...result.outputs.map((output) => tf.keep(output)));
      return result.outputs[0] as tf.Tensor;
    }, moving);
    let gradients: (tf.Tensor | undefined)[] = grads;
    if (planned.clipNorm !== undefined) {
      const clipped = clipByGlobalNorm(gradients, planned.clipNorm);
      gradients = clipped.gradients;
      norm = tf.keep(clipped.norm);
    }
    const moved = optimiser.update(moving, gradients, rate, update + 1);
    for (const [i, index] of moves.entries()) replace(weights, index, moved[i] as tf.Tensor);
    for (const [index, value] of running) replace(weights, index, value);
  });
  state.step++;
  return { losses, rate, ...(norm && { norm }) };
}

/** Gradients of a scalar with respect to tensors, undefined where it does not depend on one. Call it inside a tidy. */
export function gradientsOf(scalar: () => tf.Tensor, tensors: tf.Tensor[]): (tf.Tensor | undefined)[] {
  const engine = tf.engine();
  try {
    return engine.gradients(scalar, tensors, undefined, true).grads;
  } catch (thrown) {
    // tfjs keeps what the forward pass saved for the backward pass; after a fault nobody else lets it go.
    for (const node of engine.state.activeTape ?? []) tf.dispose(node.saved);
    throw thrown;
  }
}

function replace(weights: tf.Tensor[], index: number, tensor: tf.Tensor): void {
  if (weights[index] === tensor) return;
  weights[index]?.dispose();
  weights[index] = tf.keep(tensor);
}
