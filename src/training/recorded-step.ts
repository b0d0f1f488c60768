import type * as tf from "@tensorflow/tfjs-core";
import type { Distribution } from "../compiler/draws.ts";
import type { ProgramWish } from "../compiler/program/plan.ts";
import { type Recording, record, sameRecording, type Use } from "../compiler/recording.ts";
import type { Phase } from "./phases.ts";
import { type StepTrace, type StepWatcher, takeStep } from "./step.ts";

/** One step as it was recorded: which value is what. */
export interface RecordedStep {
  readonly recording: Recording;
  readonly inputs: RecordedInputs;
  readonly outputs: readonly RecordedOutput[];
  /** Nodes in the order in which they ran forward: the values below `end`, and not below the end before it, are the node's. */
  readonly nodes: readonly { readonly path: string; readonly end: number }[];
}
export interface RecordedInputs {
  readonly weights: readonly { readonly index: number; readonly use: Use }[];
  readonly slots: readonly { readonly index: number; readonly slot: number; readonly use: Use }[];
  readonly feeds: readonly { readonly key: string; readonly use: Use }[];
  readonly factors: readonly Use[];
  readonly draws: readonly { readonly path: string; readonly distribution: Distribution; readonly use: Use }[];
}
/** `index` is a variable for a weight, a place among the phase's own weights for a slot. */
export interface RecordedOutput {
  readonly use: Use;
  readonly kind: "loss" | "norm" | "weight" | "slot";
  readonly index: number;
  readonly slot: number;
}

type Surroundings = Parameters<typeof takeStep>[2];

/** Takes a step and writes down its kernels; no recording comes back if it could not be repeated. */
export function recordStep(
  phase: Phase,
  update: number,
  surroundings: Surroundings,
  drawn?: StepWatcher["drawn"],
): { trace: StepTrace; recorded: RecordedStep | undefined } {
  const { state } = surroundings;
  const { optimiser, plan, moves, averages } = phase;
  const weightsBefore = [...state.weights];
  const slotsBefore = optimiser.slots.map((list) => [...list]);
  const used = [...new Set([...plan.variables, ...moves, ...averages.flatMap(({ of, to }) => [of, to])])];
  const feeds: { key: string; use: Use }[] = [];
  const factors: Use[] = [];
  const draws: { path: string; distribution: Distribution; use: Use }[] = [];
  const nodes: { path: string; end: number }[] = [];
  let steady = true;
  const { result, recording } = record((recorder) => {
    const { declare } = recorder;
    const weights = used.map((index) => ({ index, use: declare(state.weights[index] as tf.Tensor) }));
    const slots = optimiser.slots.flatMap((list, index) => list.map((tensor, slot) => ({ index, slot, use: declare(tensor) })));
    const trace = takeStep(phase, update, surroundings, {
      feed: (key, tensor) => feeds.push({ key, use: declare(tensor) }),
      factor: (tensor) => factors.push(declare(tensor)),
      draw: (path, distribution, tensor) => draws.push({ path, distribution, use: declare(tensor) }),
      stepRead() {
        steady = false;
      },
      node: (path) => nodes.push({ path, end: recorder.size }),
      ...(drawn && { drawn }),
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
    return { trace, recorded: { recording, inputs: { weights, slots, feeds, factors, draws }, outputs: found, nodes } };
  recording.dispose();
  return { trace, recorded: undefined };
}

export const sameStep = (a: RecordedStep, b: RecordedStep): boolean =>
  JSON.stringify([a.inputs, a.outputs]) === JSON.stringify([b.inputs, b.outputs]) && sameRecording(a.recording, b.recording);

/** What is to be made of a recorded step: it takes over feeds, factors and draws, and gives losses, weights and slots. */
export function wishOf({ inputs: { feeds, factors, draws }, outputs, nodes }: RecordedStep, recompute: boolean): ProgramWish {
  const fresh = [...feeds.map(({ use }) => use), ...factors, ...draws.map(({ use }) => use)];
  return {
    outputs: outputs.map(({ use }) => use),
    fresh: new Set(fresh.map(({ value }) => value)),
    ...(recompute && { recompute: nodes.at(-1)?.end ?? 0 }),
  };
}
