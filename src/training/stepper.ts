import * as tf from "@tensorflow/tfjs-core";
import { nodeStream } from "../compiler/draws.ts";
import { createExecutable } from "../compiler/executable.ts";
import type { Use } from "../compiler/recording.ts";
import type { Replay } from "../compiler/replay.ts";
import type { RawFeed } from "./feeds.ts";
import type { Phase } from "./phases.ts";
import { type RecordedStep, recordStep, sameStep, wishOf } from "./recorded-step.ts";
import { factorsAt, replace, type StepSurroundings, type StepTrace, takeStep } from "./step.ts";
import { symbolicStep } from "./symbolic-step.ts";

/** Takes the steps of one phase. */
export interface Stepper {
  /** @param update updates of this phase before this one */
  step(update: number): StepTrace;
  dispose(): void;
}

/** Backends for which a step is compiled before it is first taken: a compiled step needs less memory than one as it is written. */
const ahead: readonly string[] = ["wasm"];
/** Recordings of a phase that may differ from the one before it until it is given up. */
const attempts = 4;

/**
 * Compiles a phase's step from its shapes, or runs its first steps as they are written, recording their kernels. Once two recordings
 * agree, further steps repeat the kernels alone, with the same numbers to the last bit: about twice as fast for small networks. A
 * phase whose steps differ (a layer that looks at the step's number, say) goes on as written.
 * @param recompute computes activations again instead of keeping them, where a step is compiled
 */
export function createStepper(phase: Phase, surroundings: StepSurroundings, { recompute = false } = {}): Stepper {
  const { state, seed } = surroundings;
  let left = attempts;
  let compiled = !ahead.includes(tf.getBackend());
  let before: RecordedStep | undefined;
  let ready: { readonly replay: Replay; readonly recorded: RecordedStep } | undefined;

  const forget = () => {
    before?.recording.dispose();
    before = undefined;
  };
  const giveUp = () => {
    forget();
    ready?.replay.dispose();
    ready = undefined;
    left = 0;
  };

  function watchStep(update: number): StepTrace {
    const { trace, recorded } = recordStep(phase, update, surroundings);
    left--;
    if (recorded && before && sameStep(before, recorded)) {
      ready = { replay: executable(recorded, recompute), recorded };
    }
    forget();
    if (ready) recorded?.recording.dispose();
    else if (recorded && left > 0) before = recorded;
    else giveUpOn(recorded);
    return trace;
  }

  /** Compiles the step from its shapes, where nothing in it depends on numbers. */
  function compileStep(): void {
    compiled = true;
    const recorded = symbolicStep(phase, { weights: state.weights, batch: surroundings.data.batch, sizes: surroundings.data.sizes });
    if (recorded === undefined) return;
    try {
      ready = { replay: executable(recorded, recompute), recorded };
    } finally {
      recorded.recording.dispose();
    }
  }

  function giveUpOn(recorded: RecordedStep | undefined): void {
    recorded?.recording.dispose();
    giveUp();
  }

  /** Undefined if this batch has another size than the recorded one: a batch of graphs that needed more room. */
  function repeatStep(update: number, { replay, recorded }: NonNullable<typeof ready>): StepTrace | undefined {
    const { rate, factors } = factorsAt(phase, update);
    const raw = new Map(surroundings.data.trainingValues(phase.plan.feeds, state.step).map((feed) => [feed.key, feed]));
    for (const { key, at } of phase.plan.schedules) raw.set(key, { key, values: Float32Array.of(at(state.step)), shape: [], dtype: "float32" });
    if (recorded.inputs.feeds.some(({ key, use }) => !sameSizes(raw.get(key)?.shape, use.shape))) return undefined;
    const tensors = replay.run(inputData(factors, raw, { replay, recorded }));
    const losses: tf.Tensor[] = [];
    const slots = phase.optimiser.slots.map((list) => [...list]);
    let norm: tf.Tensor | undefined;
    for (const [i, output] of recorded.outputs.entries()) {
      const tensor = tensors[i] as tf.Tensor;
      if (output.kind === "loss") losses.push(tensor);
      else if (output.kind === "norm") norm = tensor;
      else if (output.kind === "weight") replace(state.weights, output.index, tensor);
      else (slots[output.index] as tf.Tensor[])[output.slot] = tensor;
    }
    phase.optimiser.setSlots(slots);
    state.step++;
    return { losses, rate, ...(norm && { norm }) };
  }

  /** Puts this step's feeds, factors and draws on the device, and points to weights and slots. */
  function inputData(
    factors: readonly number[],
    raw: ReadonlyMap<string, RawFeed>,
    { replay, recorded: { inputs } }: NonNullable<typeof ready>,
  ): Map<number, tf.DataId> {
    const backend = tf.backend();
    const data = new Map<number, tf.DataId>();
    const write = ({ value, shape, dtype }: Use, values: () => tf.BackendValues) => {
      if (replay.reads(value)) data.set(value, backend.write(values(), shape, dtype));
    };
    for (const { index, use } of inputs.weights) data.set(use.value, (state.weights[index] as tf.Tensor).dataId);
    for (const { index, slot, use } of inputs.slots) {
      const tensor = phase.optimiser.slots[index]?.[slot];
      if (tensor) data.set(use.value, tensor.dataId);
    }
    for (const { key, use } of inputs.feeds) write(use, () => unshared(raw.get(key)?.values as Float32Array | Int32Array));
    for (const [i, use] of inputs.factors.entries()) write(use, () => Float32Array.of(factors[i] ?? 0));
    const streams = new Map<string, ReturnType<typeof nodeStream>>();
    for (const { path, distribution, use } of inputs.draws) {
      const stream = streams.get(path) ?? nodeStream(seed, path, state.step);
      streams.set(path, stream);
      const values = stream(distribution, use.shape);
      write(use, () => values);
    }
    return data;
  }

  return {
    step(update) {
      if (!compiled) compileStep();
      if (ready) {
        try {
          return repeatStep(update, ready) ?? takeStep(phase, update, surroundings);
        } catch {
          // The step as written says which node failed, if it fails again.
          giveUp();
        }
      }
      return left > 0 ? watchStep(update) : takeStep(phase, update, surroundings);
    },
    dispose: giveUp,
  };
}

/** A recorded step, ready to be repeated with other inputs. */
const executable = (recorded: RecordedStep, recompute: boolean): Replay => createExecutable(recorded.recording, wishOf(recorded, recompute));

const sameSizes = (a: readonly number[] | undefined, b: readonly number[]): boolean => a === undefined || a.join() === b.join();

/** WebGL takes a few numbers as they are, without a copy, and refuses those in shared memory. */
const unshared = (values: Float32Array | Int32Array) => (values.length <= 4 ? values.slice() : values);
