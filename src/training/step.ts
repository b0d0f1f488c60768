import * as tf from "@tensorflow/tfjs-core";
import { type Distribution, nodeStream } from "../compiler/draws.ts";
import { follow } from "./averages.ts";
import { clipByGlobalNorm } from "./clipping.ts";
import type { DataFeeds } from "./feeds.ts";
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

/** What all steps of a run have in common. */
export interface StepSurroundings {
  readonly data: DataFeeds;
  readonly state: ModelState;
  readonly seed: number;
}

/** Sees every tensor that will be another one in the next step, as it is made. */
export interface StepWatcher {
  feed(key: string, tensor: tf.Tensor): void;
  factor(tensor: tf.Tensor): void;
  draw(path: string, distribution: Distribution, tensor: tf.Tensor): void;
  /** A layer has asked for the number of the step: what it does may depend on that. */
  stepRead(): void;
  /** A node has computed its outputs. */
  node?(path: string): void;
  /** Makes what a node draws, in place of its stream of random numbers. */
  drawn?(shape: readonly number[]): tf.Tensor;
}

/** The learning rate of an update, and the numbers that the optimiser makes of it. */
export function factorsAt({ planned, updates, optimiser }: Phase, update: number): { readonly rate: number; readonly factors: readonly number[] } {
  const rate = learningRate(planned.optimiser.rate, planned.schedule, update, updates);
  return { rate, factors: optimiser.factors(rate, update + 1) };
}

/**
 * One update of one phase: forward, backward, clip, move, and running statistics and averages of weights put in place. Nothing is read back.
 * Of all that is computed, and of the feeds, only the new weights, slots and the trace remain. If it throws, nothing has changed.
 */
export function takeStep(
  phase: Phase,
  update: number,
  { data, state, seed }: Omit<StepSurroundings, "data"> & { readonly data: Pick<DataFeeds, "training"> },
  watcher?: StepWatcher,
): StepTrace {
  const { planned, plan, moves, optimiser, averages } = phase;
  const { weights, step } = state;
  const { rate, factors } = factorsAt(phase, update);
  const losses: tf.Tensor[] = [];
  let norm: tf.Tensor | undefined;
  tf.tidy(() => {
    const given = data.training(plan.feeds, step);
    const scheduled = plan.schedules.map(({ key, at }) => [key, tf.scalar(at(step))] as const);
    const fed = { ...given, feeds: { ...given.feeds, ...Object.fromEntries(scheduled) } };
    const scalars = factors.map((factor) => tf.scalar(factor));
    if (watcher) {
      for (const [key, tensor] of Object.entries(fed.feeds)) watcher.feed(key, tensor);
      for (const scalar of scalars) watcher.factor(scalar);
    }
    const watching = watcher && {
      draws: watchedDraws(watcher, seed, step),
      onStepRead: watcher.stepRead,
      inspect: ({ path }: { readonly path: string }) => watcher.node?.(path),
    };
    const moving = moves.map((index) => weights[index] as tf.Tensor);
    let running: ReadonlyMap<number, tf.Tensor> = new Map();
    const grads = gradientsOf(() => {
      const result = plan.run({ ...fed, ...watching, weights, training: true, step, seed });
      running = result.updates;
      losses.push(...result.outputs.map((output) => tf.keep(output)));
      return result.outputs[0] as tf.Tensor;
    }, moving);
    const clipped = planned.clipNorm === undefined ? { gradients: grads } : clipByGlobalNorm(grads, planned.clipNorm);
    if ("norm" in clipped) norm = tf.keep(clipped.norm);
    const moved = optimiser.update(moving, clipped.gradients, scalars);
    for (const [i, index] of moves.entries()) replace(weights, index, moved[i] as tf.Tensor);
    for (const [index, value] of running) replace(weights, index, value);
    for (const { of, to, decay } of averages) replace(weights, to, follow(weights[to] as tf.Tensor, weights[of] as tf.Tensor, decay));
  });
  state.step++;
  return { losses, rate, ...(norm && { norm }) };
}

function watchedDraws(watcher: StepWatcher, seed: number, step: number) {
  return (path: string) => {
    const stream = nodeStream(seed, path, step);
    const draw = (distribution: Distribution) => (shape: readonly number[]) => {
      const tensor = watcher.drawn?.(shape) ?? tf.tensor(stream(distribution, shape), [...shape], "float32");
      watcher.draw(path, distribution, tensor);
      return tensor;
    };
    return { normal: draw("normal"), uniform: draw("uniform") };
  };
}

/** Gradients of a scalar with respect to tensors, undefined where it does not depend on one. Call it inside a tidy. */
export function gradientsOf(scalar: () => tf.Tensor, tensors: tf.Tensor[]): (tf.Tensor | undefined)[] {
  const engine = tf.engine();
  // Where every weight sets itself, there is nothing to go back for.
  if (tensors.length === 0) {
    scalar();
    return [];
  }
  try {
    return engine.gradients(scalar, tensors, undefined, true).grads;
  } catch (thrown) {
    // tfjs keeps what the forward pass saved for the backward pass; after a fault nobody else lets it go.
    for (const node of engine.state.activeTape ?? []) tf.dispose(node.saved);
    throw thrown;
  }
}

/** Puts a tensor in the place of a weight, whose own is disposed of. */
export function replace(weights: tf.Tensor[], index: number, tensor: tf.Tensor): void {
  if (weights[index] === tensor) return;
  weights[index]?.dispose();
  weights[index] = tf.keep(tensor);
}
