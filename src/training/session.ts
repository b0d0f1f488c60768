import { NodeFailure, reasonOf } from "../compiler/failure.ts";
import type { Split } from "../tensor/dataset.ts";
import { heldMemory } from "./held.ts";
import { breathe, createPacer, createSpeedometer } from "./pacing.ts";
import { NotFiniteError, type Trainer } from "./trainer.ts";
import type { MetricsRow, RunEvent, RunFailure } from "./types.ts";

export interface SessionOptions {
  /** Stays the caller's: the session never disposes of it. */
  readonly trainer: Trainer;
  readonly emit: (event: RunEvent) => void;
  /** Milliseconds, from any beginning. */
  readonly now?: () => number;
  /** Lets the rest of the thread have its turn, between bursts of steps. */
  readonly yield?: () => Promise<void>;
  /** Seconds trained before, when a run continues. */
  readonly seconds?: number;
  /** Pause by itself after this many steps. */
  readonly pauseAfter?: number;
}

/** One run of a trainer, steered from outside. What happens is told by events. */
export interface Session {
  /** Trains until the last step, `stop`, or a failure; then resolves. It never rejects. Pauses keep it waiting. */
  run(): Promise<void>;
  pause(): void;
  resume(): void;
  /** One step, then paused. */
  stepOnce(): void;
  stop(): void;
  /** Asks for a checkpoint event between two steps. */
  checkpoint(): void;
}

/** Milliseconds of steps between two looks at messages, between two points of a curve, between previews, checkpoints and evaluations. */
const pace = { burst: 40, plot: 100, previews: 500, checkpoint: 15_000, evaluation: 30_000 } as const;
/** Evaluations in a run that does not say how many. */
const evaluationsPerRun = 50;
/** Examples that curves are measured on; the end of a run is measured on all that are held out. */
const curveExamples = 1000;

/** Makes a session; nothing happens before `run`. */
export function createSession(options: SessionOptions): Session {
  const { trainer, emit, now = () => performance.now(), pauseAfter } = options;
  const { plan, steps } = trainer;
  const evaluateEvery = plan.evaluateEvery ?? Math.max(1, Math.round(steps / evaluationsPerRun));
  const speed = createSpeedometer(now);
  const previews = createPacer({ every: pace.previews, share: 0.1 }, now);
  const checkpoints = createPacer({ every: pace.checkpoint, share: 0.05 }, now);
  const evaluations = createPacer({ every: 0, share: plan.evaluateEvery === undefined ? 0.2 : 1 }, now);
  const pauseAt = pauseAfter === undefined ? Number.POSITIVE_INFINITY : trainer.step + pauseAfter;

  let wanted: "run" | "pause" | "stop" = "run";
  let single = false;
  let resting = false;
  let saveAsked = false;
  let wake: (() => void) | undefined;
  let before = options.seconds ?? 0;
  let since = 0;
  let plotted = Number.NEGATIVE_INFINITY;
  let evaluatedAt = { step: trainer.step, time: now() };
  let saved = -1;

  const seconds = () => before + (now() - since) / 1000;
  const rowOf = (split: Split, values: Readonly<Record<string, number>>): MetricsRow => ({
    step: trainer.step,
    epoch: trainer.step / trainer.stepsPerEpoch,
    seconds: seconds(),
    split,
    values,
  });
  const requireFinite = (values: Readonly<Record<string, number>>, names: readonly string[]) => {
    if (names.some((name) => !Number.isFinite(values[name] ?? 0))) throw new NotFiniteError();
  };

  /** Reads the losses of the latest step and tells how far the run has come. */
  async function report(): Promise<void> {
    const values = await trainer.readLosses();
    requireFinite(values, Object.keys(values));
    plotted = now();
    speed.add(trainer.step);
    emit({ kind: "metrics", rows: [rowOf("train", values)] });
    tellProgress();
  }

  function tellProgress(): void {
    const { step } = trainer;
    const stepsPerSecond = speed.stepsPerSecond();
    const secondsLeft = stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : 0;
    emit({
      kind: "progress",
      progress: { step, steps, epoch: step / trainer.stepsPerEpoch, stepsPerSecond, secondsLeft, memory: heldMemory() },
    });
  }

  /** Metrics on training examples, and everything on held-out ones: validation where there is some, else test; both at the end. */
  async function evaluate(last: boolean): Promise<void> {
    const rows: MetricsRow[] = [];
    const abandon = () => wanted === "stop";
    const measure = async (split: Split, limit?: number): Promise<boolean> => {
      const values = await trainer.evaluate(split, limit === undefined ? { abandon } : { abandon, limit });
      if (!values) return false;
      requireFinite(
        values,
        plan.losses.map(({ path }) => path),
      );
      const shown = split === "train" ? plan.metrics.map(({ path }) => [path, values[path] ?? Number.NaN] as const) : Object.entries(values);
      if (shown.length > 0) rows.push(rowOf(split, Object.fromEntries(shown)));
      return true;
    };
    const heldOut = last ? undefined : curveExamples;
    if (plan.metrics.length > 0) await measure("train", curveExamples);
    if (!(await measure("validation", heldOut)) || last) await measure("test", heldOut);
    evaluatedAt = { step: trainer.step, time: now() };
    if (rows.length > 0) emit({ kind: "metrics", rows });
  }

  async function showPreviews(): Promise<void> {
    const frames = await trainer.previews();
    if (frames.length > 0) emit({ kind: "previews", frames });
  }

  async function save(): Promise<void> {
    saveAsked = false;
    if (saved === trainer.step) return;
    const bytes = await trainer.checkpoint();
    saved = trainer.step;
    emit({ kind: "checkpoint", step: saved, bytes });
  }

  const dueByStep = (every: number | undefined) => every !== undefined && trainer.step % every === 0;
  const evaluationDue = () =>
    evaluatedAt.step !== trainer.step && (dueByStep(evaluateEvery) || now() - evaluatedAt.time >= pace.evaluation) && evaluations.due();

  /** Steps until the clock, the end, a wish from outside or something that is due says stop. */
  async function burst(): Promise<void> {
    const begun = now();
    do {
      const { step } = trainer;
      const plot = single || step + 1 === steps || step + 1 === pauseAt || now() - plotted >= pace.plot;
      if (plot) trainer.remember();
      trainer.trainStep();
      if (plot) {
        await report();
        break;
      }
    } while (now() - begun < pace.burst && !evaluationDue() && !dueByStep(plan.checkpointEvery));
  }

  async function train(): Promise<void> {
    emit({ kind: "state", state: "running" });
    restartClock();
    await previews.run(showPreviews);
    await checkpoints.run(async () => {});
    while (trainer.step < steps) {
      if (wanted === "stop") return;
      if (wanted === "pause" && !single) {
        await rest();
        continue;
      }
      if (wanted === "run" && resting) {
        resting = false;
        emit({ kind: "state", state: "running" });
      }
      await burst();
      const paused = single;
      single = false;
      if (trainer.step === pauseAt) wanted = wanted === "run" ? "pause" : wanted;
      if (trainer.step < steps && evaluationDue()) await evaluations.run(() => evaluate(false));
      if (paused || previews.due()) await previews.run(showPreviews);
      if (saveAsked || dueByStep(plan.checkpointEvery) || (plan.checkpointEvery === undefined && checkpoints.due())) await checkpoints.run(save);
      await (options.yield ?? breathe)();
    }
    await evaluate(true);
  }

  function restartClock(): void {
    since = now();
    speed.reset();
    speed.add(trainer.step);
  }

  /** Waits until something is wanted. Single steps come back here without another word. */
  async function rest(): Promise<void> {
    before = seconds();
    since = now();
    if (!resting || saveAsked) await save();
    if (!resting) emit({ kind: "state", state: "paused" });
    resting = true;
    if (wanted === "pause" && !single && !saveAsked)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    restartClock();
  }

  async function failureOf(thrown: unknown): Promise<RunFailure> {
    if (thrown instanceof NotFiniteError) return trainer.diagnose();
    if (thrown instanceof NodeFailure) return { message: thrown.message, node: thrown.path };
    return { message: reasonOf(thrown) };
  }

  async function run(): Promise<void> {
    try {
      await train();
      await showPreviews();
      await save();
      if (trainer.step >= steps) tellProgress();
      emit({ kind: "state", state: trainer.step >= steps ? "finished" : "stopped" });
    } catch (thrown) {
      const failure = await failureOf(thrown).catch((again: unknown): RunFailure => ({ message: reasonOf(again) }));
      emit({ kind: "state", state: "failed", failure });
    }
  }

  const want = (next: typeof wanted) => {
    if (wanted !== "stop") wanted = next;
    wake?.();
  };
  return {
    run,
    pause: () => want("pause"),
    resume: () => want("run"),
    stop: () => want("stop"),
    stepOnce() {
      single = true;
      want("pause");
    },
    checkpoint() {
      saveAsked = true;
      wake?.();
    },
  };
}
