import "../tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import { compile, type Program, type Variable } from "../compiler/compile.ts";
import type { NetloomDocument } from "../document/schema.ts";
import { lastStep } from "../graph/stages.ts";
import { type TrainingPlan, trainingPlan } from "../graph/training.ts";
import type { Checked } from "../graph/types.ts";
import { initialise } from "../layers/initialise.ts";
import type { Dataset, Split } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";
import { followingOf } from "./averages.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { diagnose, diagnosePresent } from "./diagnosis.ts";
import { type EvaluationOptions, evaluateFigures, planFigures } from "./evaluation.ts";
import { createFeeds, drawingOf } from "./feeds.ts";
import { createPhases, type Phase } from "./phases.ts";
import { prefetchFeeds } from "./prefetch/feeds.ts";
import type { StartBatchThread } from "./prefetch/task.ts";
import { planPreviews, readPreviews } from "./previews.ts";
import { probe } from "./probe.ts";
import {
  disposeSnapshot,
  fromCheckpoint,
  keepsCopies,
  type ModelState,
  type NamedWeights,
  readWeights,
  returnTo,
  type Snapshot,
  setWeights,
  takeSnapshot,
  toCheckpoint,
} from "./state.ts";
import type { StepTrace } from "./step.ts";
import { createStepper, type Stepper } from "./stepper.ts";
import { disposeTrace, readTraces } from "./traces.ts";
import { turnAt } from "./turns.ts";
import type { PreviewFrame, ProbeFrame, RunFailure } from "./types.ts";

export interface TrainerOptions {
  readonly document: NetloomDocument;
  readonly checked: Checked;
  /** Data sets by path of their node: its id, in the main graph. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** In place of the document's own. */
  readonly seed?: number;
  readonly batch?: number;
  readonly steps?: number;
  /** Weights to begin with, by variable name, in place of drawn ones: those of another run, say. */
  readonly initial?: NamedWeights;
  /** Batches are prepared ahead on a thread of their own where that pays; on the spot if absent. */
  readonly startBatchThread?: StartBatchThread;
  /** Told, in words for people, of what goes wrong without ending the run. */
  readonly warn?: (message: string) => void;
}

/** A document in training: it owns its weights, its optimisers' slots and what it keeps to explain a failure. */
export interface Trainer {
  readonly program: Program;
  readonly plan: TrainingPlan;
  readonly seed: number;
  /** Examples a step. */
  readonly batch: number;
  readonly stepsPerEpoch: number;
  /** Steps in the whole run. */
  readonly steps: number;
  /** Steps taken. */
  readonly step: number;
  /** Takes one step. Nothing is read back from the device. */
  trainStep(): void;
  /** Keeps the present state aside, in case the next step goes wrong. Call it before a step whose losses will be read. */
  remember(): void;
  /**
   * The losses of each phase's latest step by node path, with `rate`, and `gradientNorm` where gradients are clipped; of several phases by name.
   * Empty before the first step.
   */
  readLosses(): Promise<Readonly<Record<string, number>>>;
  /** Means of all losses and metrics over a split, by node path; undefined if it has no examples, or was abandoned. */
  evaluate(split: Split, options?: EvaluationOptions): Promise<Readonly<Record<string, number>> | undefined>;
  /** What each preview node shows for a few examples that stay the same. */
  previews(): Promise<readonly PreviewFrame[]>;
  /** Histograms of a node's output and of the gradient by it, for the next step's batch; undefined if it has none to show. */
  probe(path: string): Promise<ProbeFrame | undefined>;
  /**
   * Weights, slots, step and seed as a safetensors file.
   * @throws NotFiniteError if a weight is not finite: such a state is not worth keeping
   */
  checkpoint(): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws Error in words for people if the bytes are no checkpoint of this network; then nothing has changed */
  restore(bytes: Uint8Array): void;
  weights(): Promise<NamedWeights>;
  /** @throws Error naming a weight that is missing or of another shape; then nothing has changed */
  setWeights(weights: NamedWeights): void;
  /** Finds where the first number that is not finite came from; leaves the trainer as it was before that step, unless it is very large. */
  diagnose(): Promise<RunFailure>;
  dispose(): void;
}

/** A document that cannot be trained, in words for people. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";
}

/** A loss, a gradient or a weight is NaN or infinite: `diagnose` says where that began. */
export class NotFiniteError extends Error {
  override readonly name = "NotFiniteError";
  override readonly message = "A number in the run is no longer finite.";
}

/**
 * Compiles a document for training and draws its first weights.
 * @throws TrainingError if the document has problems
 */
export function createTrainer(options: TrainerOptions): Trainer {
  const { document, checked, datasets } = options;
  const planned = trainingPlan(document, checked);
  const faults = planned.ok ? checked.problems.filter(({ severity }) => severity === "error") : planned.problems;
  if (!planned.ok || faults.length > 0) throw new TrainingError(faults.map(({ message }) => message).join(" "));
  const { plan } = planned;
  const seed = options.seed ?? plan.seed;
  const drawing = drawingOf(datasets, { batch: options.batch ?? plan.batch, seed });
  const feeds = createFeeds(datasets, drawing);
  const { stepsPerEpoch } = feeds;
  const wanted =
    options.steps ?? Math.min(plan.stop.steps ?? Number.POSITIVE_INFINITY, (plan.stop.epochs ?? Number.POSITIVE_INFINITY) * stepsPerEpoch);
  const steps = Math.min(wanted, lastStep(plan.phases));
  const program = compile(checked);
  const phases = createPhases(program, plan, steps);
  const figures = planFigures(program, [...plan.losses, ...plan.metrics]);
  const previewPlan = planPreviews(program, plan.previews);
  const state: ModelState = { step: 0, weights: firstWeights(program.variables, plan.averages, seed, options.initial) };
  const prefetched =
    options.startBatchThread &&
    prefetchFeeds({
      feeds,
      datasets,
      drawing,
      phases: phases.map(({ planned, plan }) => ({ ...planned, feeds: plan.feeds })),
      steps,
      start: options.startBatchThread,
      ...(options.warn && { warn: options.warn }),
    });
  const data = prefetched ?? feeds;
  const steppers = phases.map((phase) => createStepper(phase, { data, state, seed }, { recompute: plan.recompute }));
  const traces = new Map<Phase, StepTrace>();
  const slots = phases.flatMap(({ optimiser }) => optimiser.slots.flat());
  const copies = keepsCopies([...state.weights, ...slots].reduce((bytes, { size }) => bytes + 4 * size, 0));
  const copy = () => (copies ? takeSnapshot(state, phases) : undefined);
  const forget = (snapshot: Snapshot | undefined) => snapshot && disposeSnapshot(snapshot);
  let safe = copy();
  let pending: Snapshot | undefined;

  const forgetTraces = () => {
    for (const trace of traces.values()) disposeTrace(trace);
    traces.clear();
  };
  let latest = 0;
  /** A phase that has ended has no present losses. */
  const forgetEnded = () => {
    for (const [phase, trace] of traces) {
      if (state.step <= (phase.planned.end ?? Number.POSITIVE_INFINITY)) continue;
      disposeTrace(trace);
      traces.delete(phase);
    }
  };
  const startFrom = (change: () => void) => {
    change();
    forgetTraces();
    forget(safe);
    forget(pending);
    pending = undefined;
    safe = copy();
  };
  const trainStep = () => {
    const turn = turnAt(plan.phases, state.step);
    const phase = phases[turn.phase] as Phase;
    const trace = (steppers[turn.phase] as Stepper).step(turn.update);
    const before = traces.get(phase);
    if (before) disposeTrace(before);
    traces.set(phase, trace);
    if (turn.phase !== latest) forgetEnded();
    latest = turn.phase;
  };
  return {
    program,
    plan,
    seed,
    batch: data.batch,
    stepsPerEpoch,
    steps,
    get step() {
      return state.step;
    },
    trainStep,
    remember() {
      forget(pending);
      pending = copy();
    },
    async readLosses() {
      const values = await readTraces(traces, phases.length > 1);
      if (pending && Object.values(values).every(Number.isFinite)) {
        forget(safe);
        safe = pending;
        pending = undefined;
      }
      return values;
    },
    async evaluate(split, options = {}) {
      return figures && evaluateFigures(figures, data, state, seed, split, options);
    },
    previews: async () => (previewPlan ? readPreviews(previewPlan, data, state, seed) : []),
    // From the feeds themselves: a batch that has been taken from the thread's ring is gone.
    probe: (path) => probe({ program, phases, data: feeds, state, seed }, path),
    async checkpoint() {
      const checkpoint = await toCheckpoint(program, state, phases, seed);
      for (const { data: values } of Object.values(checkpoint.weights)) if (!values.every(Number.isFinite)) throw new NotFiniteError();
      return encodeCheckpoint(checkpoint);
    },
    restore(bytes) {
      const checkpoint = decodeCheckpoint(bytes);
      startFrom(() => fromCheckpoint(checkpoint, program, state, phases));
    },
    weights: () => readWeights(program, state.weights),
    setWeights(weights) {
      startFrom(() => setWeights(weights, program, state));
    },
    diagnose() {
      if (safe === undefined) return diagnosePresent({ program, datasets, state });
      const until = state.step;
      returnTo(safe, state, phases);
      forgetTraces();
      return diagnose({
        program,
        phases,
        figures: figures?.plan,
        data,
        datasets,
        state,
        seed,
        until,
        trainStep,
        readLosses: () => readTraces(traces, phases.length > 1),
      });
    },
    dispose() {
      prefetched?.dispose();
      forgetTraces();
      forget(safe);
      forget(pending);
      for (const stepper of steppers) stepper.dispose();
      for (const { optimiser } of phases) optimiser.dispose();
      tf.dispose(state.weights);
    },
  };
}

/** The first values of all variables; averages begin as copies of what they follow, unless they are given. */
function firstWeights(variables: readonly Variable[], averages: TrainingPlan["averages"], seed: number, initial: NamedWeights = {}): tf.Tensor[] {
  const sources = new Map(followingOf(variables, averages).map(({ of, to }) => [to, of]));
  return variables.map((variable, index) => {
    const source = variables[sources.get(index) ?? index] as Variable;
    return firstWeight(initial[variable.name] ? variable : source, seed, initial);
  });
}

/**
 * A variable's first value: the given one, else from a stream of its own, which does not change when other nodes come or go.
 * @throws TrainingError if the given one is of another shape
 */
function firstWeight({ name, spec }: Variable, seed: number, initial: NamedWeights = {}): tf.Tensor {
  const given = initial[name];
  if (given && given.shape.join() !== spec.shape.join())
    throw new TrainingError(`"${name}" is to begin with a weight of shape [${given.shape.join(", ")}]; it has [${spec.shape.join(", ")}].`);
  return tf.keep(tf.tensor(given?.data ?? initialise(spec, rng(seed, "weights", name)), [...spec.shape], "float32"));
}
