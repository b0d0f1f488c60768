import "../tensor/gradients.ts";
import type { Program } from "../compiler/compile.ts";
import { planProgram } from "../compiler/program/plan.ts";
import { type Usage, usageOf, usageOfReplay } from "../compiler/program/usage.ts";
import { loadShapes } from "../compiler/shapes.ts";
import type { TrainingPlan } from "../graph/training.ts";
import type { WeightSpec } from "../layers/contract.ts";
import type { DatasetInfo, DatasetOptions } from "../tensor/dataset.ts";
import { createOptimiser, slotsOf } from "./optimisers.ts";
import { createPhases, type Phase } from "./phases.ts";
import { type RecordedStep, wishOf } from "./recorded-step.ts";
import { keepsCopies } from "./state.ts";
import { recordShapes } from "./symbolic-step.ts";
import type { MemoryPrediction } from "./types.ts";

export interface PredictionOptions {
  /** Where it is to run: steps are laid out as programs on `wasm`, repeated kernel by kernel elsewhere. */
  readonly backend: string;
  readonly batch: number;
  readonly recompute: boolean;
  /** Sizes of named axes of a data-set node's ports in a batch; without it only the batch has one. */
  readonly sizes?: (path: string, batch: number) => Readonly<Record<string, number>>;
  /** If weights and slots alone need more, steps are not looked at. */
  readonly limit?: number;
}

/** Sizes of named axes in a batch as data sets' facts give them, where no data are loaded: so many an example, on average. */
export const expectedSizes =
  ({ datasets }: TrainingPlan, infoOf: (name: string, options: DatasetOptions) => DatasetInfo | undefined) =>
  (path: string, batch: number): Readonly<Record<string, number>> => {
    const named = datasets.find((one) => one.path === path);
    const each = named ? (infoOf(named.name, named.options)?.sizes ?? {}) : {};
    return Object.fromEntries([["batch", batch] as const, ...Object.entries(each).map(([axis, size]) => [axis, Math.ceil(size * batch)] as const)]);
  };

/** Predicts the memory of a run. Nothing is drawn, computed or allocated. */
export async function predictMemory(program: Program, plan: TrainingPlan, options: PredictionOptions): Promise<MemoryPrediction> {
  await loadShapes();
  const phases = createPhases(program, plan, 1, (spec) => createOptimiser(spec, []));
  const byNode = new Map<string, number>();
  const add = (path: string, bytes: number) => byNode.set(path, (byNode.get(path) ?? 0) + bytes);
  const sizes = program.variables.map(({ spec }) => spec.shape.reduce((product, n) => product * n, 4));
  for (const [i, { path }] of program.variables.entries()) add(path, sizes[i] ?? 0);
  let slots = 0;
  for (const { moves, planned, specs, constraints } of phases) {
    for (const [i, index] of moves.entries()) {
      const kept = slotsOf(planned.optimiser, specs[i] as WeightSpec, constraints[i]);
      const bytes = kept.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 4), 0);
      slots += bytes;
      add(program.variables[index]?.path ?? "", bytes);
    }
  }
  const weights = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const copies = keepsCopies(weights + slots) ? 2 * (weights + slots) : 0;
  const state = weights + slots + copies;
  let step: number | undefined;
  if (state <= (options.limit ?? Number.POSITIVE_INFINITY)) {
    const steps = phases.map((phase) => stepMemory(program, phase, options, add));
    // Programs keep their memory, one beside the other; what is repeated kernel by kernel gives it back.
    step = options.backend === "wasm" ? steps.reduce((sum, bytes) => sum + bytes, 0) : Math.max(0, ...steps);
  }
  const nodes = [...byNode].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => b.bytes - a.bytes);
  return { weights, slots, copies, step, total: state + (step ?? 0), nodes };
}

function stepMemory(
  { variables, checked }: Program,
  phase: Phase,
  { backend, batch, recompute, sizes }: PredictionOptions,
  add: (path: string, bytes: number) => void,
): number {
  const recorded = recordShapes(phase, { weights: variables.map(({ spec }) => spec), batch, ...(sizes && { sizes: (path) => sizes(path, batch) }) });
  if (recorded === undefined) {
    // Its first steps are taken as they are written, and keep every activation and its gradient.
    return checked.totals.activations * batch * 8;
  }
  const { bytes, held } = usage(recorded, backend, recompute);
  for (const [value, size] of held) {
    const path = recorded.nodes.find(({ end }) => value < end)?.path;
    if (path !== undefined && value >= firstComputed(recorded)) add(path, size);
  }
  return bytes;
}

/** Feeds, weights and slots are numbered before everything that is computed. */
const firstComputed = ({ inputs: { weights, slots, feeds, factors } }: RecordedStep): number =>
  1 + Math.max(-1, ...[...weights, ...slots, ...feeds].map(({ use }) => use.value), ...factors.map(({ value }) => value));

function usage(recorded: RecordedStep, backend: string, recompute: boolean): Usage {
  const wish = wishOf(recorded, recompute);
  return backend === "wasm" ? usageOf(planProgram(recorded.recording, wish, neverRun)) : usageOfReplay(recorded.recording, wish);
}

const neverRun = () => {
  throw new Error("A prediction computes nothing.");
};
