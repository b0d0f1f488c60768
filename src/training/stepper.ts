import * as tf from "@tensorflow/tfjs-core";
import { type Distribution, nodeStream } from "../compiler/draws.ts";
import { createExecutable } from "../compiler/executable.ts";
import { type Recording, record, sameRecording, type Use } from "../compiler/recording.ts";
import type { Replay } from "../compiler/replay.ts";
import type { Phase } from "./phases.ts";
import { factorsAt, replace, type StepSurroundings, type StepTrace, takeStep } from "./step.ts";

/** Takes the steps of one phase. */
export interface Stepper {
  /** @param update updates of this phase before this one */
  step(update: number): StepTrace;
  dispose(): void;
}

/** Recordings of a phase that may differ from the one before it until it is given up. */
const attempts = 4;

/** One step as it was recorded: which value is what. */
interface RecordedStep {
  readonly recording: Recording;
  readonly inputs: RecordedInputs;
  readonly outputs: readonly Output[];
}
interface RecordedInputs {
  readonly weights: readonly { readonly index: number; readonly use: Use }[];
  readonly slots: readonly { readonly index: number; readonly slot: number; readonly use: Use }[];
  readonly feeds: readonly { readonly key: string; readonly use: Use }[];
  readonly factors: readonly Use[];
  readonly draws: readonly { readonly path: string; readonly distribution: Distribution; readonly use: Use }[];
}
/** `index` is a variable for a weight, a place among the phase's own weights for a slot. */
interface Output {
  readonly use: Use;
  readonly kind: "loss" | "norm" | "weight" | "slot";
  readonly index: number;
  readonly slot: number;
}

/**
 * Runs a phase's first steps as they are written, recording their kernels. Once two recordings agree, further steps repeat
 * the kernels alone, with the same numbers to the last bit: about twice as fast for small networks. A phase whose steps differ
 * (a layer that looks at the step's number, say) goes on as written.
 */
export function createStepper(phase: Phase, surroundings: StepSurroundings): Stepper {
  const { state, seed } = surroundings;
  let left = attempts;
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

  function recordStep(update: number): StepTrace {
    const { trace, recorded } = recordedStep(phase, update, surroundings);
    left--;
    if (recorded && before && sameStep(before, recorded)) {
      const { feeds, factors, draws } = recorded.inputs;
      const fresh = new Set([...feeds.map(({ use }) => use), ...factors, ...draws.map(({ use }) => use)].map(({ value }) => value));
      const replay = createExecutable(
        recorded.recording,
        recorded.outputs.map(({ use }) => use),
        fresh,
      );
      ready = { replay, recorded };
    }
    forget();
    if (ready) recorded?.recording.dispose();
    else if (recorded && left > 0) before = recorded;
    else giveUpOn(recorded);
    return trace;
  }

  function giveUpOn(recorded: RecordedStep | undefined): void {
    recorded?.recording.dispose();
    giveUp();
  }

  function repeatStep(update: number, { replay, recorded }: NonNullable<typeof ready>): StepTrace {
    const { rate, factors } = factorsAt(phase, update);
    const tensors = replay.run(inputData(factors, replay, recorded));
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
  function inputData(factors: readonly number[], replay: Replay, { inputs }: RecordedStep): Map<number, tf.DataId> {
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
    const raw = new Map(surroundings.data.trainingValues(phase.plan.feeds, state.step).map((feed) => [feed.key, feed.values]));
    for (const { key, use } of inputs.feeds) write(use, () => unshared(raw.get(key) as Float32Array | Int32Array));
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
      if (ready) {
        try {
          return repeatStep(update, ready);
        } catch {
          // The step as written says which node failed, if it fails again.
          giveUp();
        }
      }
      return left > 0 ? recordStep(update) : takeStep(phase, update, surroundings);
    },
    dispose: giveUp,
  };
}

/** Takes a step and writes down its kernels; no recording comes back if it could not be repeated. */
function recordedStep(phase: Phase, update: number, surroundings: StepSurroundings): { trace: StepTrace; recorded: RecordedStep | undefined } {
  const { state } = surroundings;
  const { optimiser, plan, moves } = phase;
  const weightsBefore = [...state.weights];
  const slotsBefore = optimiser.slots.map((list) => [...list]);
  const used = [...new Set([...plan.variables, ...moves])];
  const feeds: { key: string; use: Use }[] = [];
  const factors: Use[] = [];
  const draws: { path: string; distribution: Distribution; use: Use }[] = [];
  let steady = true;
  const { result, recording } = record(({ declare }) => {
    const weights = used.map((index) => ({ index, use: declare(state.weights[index] as tf.Tensor) }));
    const slots = optimiser.slots.flatMap((list, index) => list.map((tensor, slot) => ({ index, slot, use: declare(tensor) })));
    const trace = takeStep(phase, update, surroundings, {
      feed: (key, tensor) => feeds.push({ key, use: declare(tensor) }),
      factor: (tensor) => factors.push(declare(tensor)),
      draw: (path, distribution, tensor) => draws.push({ path, distribution, use: declare(tensor) }),
      stepRead() {
        steady = false;
      },
    });
    return { trace, weights, slots };
  });
  const { trace, weights, slots } = result;
  const outputs = [
    ...trace.losses.map((tensor) => ({ kind: "loss" as const, index: 0, slot: 0, tensor })),
    ...(trace.norm ? [{ kind: "norm" as const, index: 0, slot: 0, tensor: trace.norm }] : []),
    ...state.weights.flatMap((tensor, index) => (tensor === weightsBefore[index] ? [] : [{ kind: "weight" as const, index, slot: 0, tensor }])),
    ...optimiser.slots.flatMap((list, index) =>
      list.flatMap((tensor, slot) => (tensor === slotsBefore[index]?.[slot] ? [] : [{ kind: "slot" as const, index, slot, tensor }])),
    ),
  ];
  const found = outputs.flatMap(({ tensor, ...output }) => {
    const use = recording.find(tensor);
    return use ? [{ ...output, use }] : [];
  });
  if (steady && found.length === outputs.length)
    return { trace, recorded: { recording, inputs: { weights, slots, feeds, factors, draws }, outputs: found } };
  recording.dispose();
  return { trace, recorded: undefined };
}

/** WebGL takes a few numbers as they are, without a copy, and refuses those in shared memory. */
const unshared = (values: Float32Array | Int32Array) => (values.length <= 4 ? values.slice() : values);

const sameStep = (a: RecordedStep, b: RecordedStep): boolean =>
  JSON.stringify([a.inputs, a.outputs]) === JSON.stringify([b.inputs, b.outputs]) && sameRecording(a.recording, b.recording);
