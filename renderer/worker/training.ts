import * as tf from "@tensorflow/tfjs-core";
import * as Comlink from "comlink";
import { trainingBackends } from "../../src/backends/backends.ts";
import { preflight } from "../../src/backends/preflight.ts";
import { tensorRoom } from "../../src/backends/room.ts";
import { compile } from "../../src/compiler/compile.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { datasetBytes, drawingOf, sizesOf } from "../../src/training/feeds.ts";
import { checkMemory } from "../../src/training/fit.ts";
import { rehearse } from "../../src/training/rehearse.ts";
import { createSession, type Session } from "../../src/training/session.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import type { RunEvent } from "../../src/training/types.ts";
import type { EngineApi, RunStart } from "../engine/api.ts";
import type { WorkerBackends } from "./backends.ts";
import { startBatchThread } from "./batch-thread.ts";
import { carryOver } from "./carry-over.ts";
import type { WorkerData } from "./data-client.ts";
import { machineMemory } from "./machine-memory.ts";
import { prepareDocument, refusal } from "./prepare.ts";

/** The worker's share of training: one run at a time, which it holds until it is released or another starts. */
export interface WorkerTraining extends Pick<EngineApi, "startRun" | "pause" | "resume" | "step" | "stop" | "checkpoint" | "probe" | "release"> {
  /** The held run cannot go on, for a reason from outside: its session may never say so itself. */
  fail(message: string): void;
}

interface Held {
  readonly trainer: Trainer;
  readonly session: Session;
  readonly ended: Promise<void>;
  readonly emit: (event: RunEvent) => void;
}

export function createWorkerTraining(data: WorkerData, backends: WorkerBackends): WorkerTraining {
  let held: Held | undefined;

  const release = async (): Promise<void> => {
    const old = held;
    held = undefined;
    if (old === undefined) return;
    old.session.stop();
    await old.ended;
    old.trainer.dispose();
  };

  return {
    async startRun({ document: text, checkpoint, from, seconds, pauseAfter }, onEvent): Promise<RunStart> {
      await release();
      const prepared = prepareDocument(text, data);
      if (!prepared.ok) return prepared;
      const { document, checked } = prepared;
      const planned = trainingPlan(document, checked);
      if (!planned.ok) return refusal(planned.problems);
      const begun = carryOver(from, checked);
      if (!begun.ok) return begun;
      const { carried, ...initial } = begun;
      const { seed, datasets: wanted } = planned.plan;
      const datasets = new Map<string, Dataset>();
      for (const { path, name, options, validation } of wanted) {
        try {
          datasets.set(path, await data.load({ name, options, validation, seed }));
        } catch (error) {
          return { ok: false, message: error instanceof Error ? error.message : String(error), node: path };
        }
      }
      const backend = await backends.ready(checked.totals.multiplyAdds * planned.plan.batch);
      const unfit = await checkMemory(compile(checked), planned.plan, {
        // Its name: `backend` is what people call it.
        backend: tf.getBackend(),
        batch: drawingOf(datasets, planned.plan).batch,
        data: datasetBytes(datasets),
        sizes: sizesOf(datasets),
        limits: { tensors: tensorRoom(), ...machineMemory() },
      });
      if (unfit) return { ok: false, ...unfit };
      const lacking = await missing((label) => rehearse(compile(checked), planned.plan, label));
      if (lacking) return { ok: false, ...lacking };
      const emit = (event: RunEvent) => onEvent(Comlink.transfer(event, buffersOf(event)));
      const warn = (message: string) => emit({ kind: "warning", message });
      const trainer = createTrainer({ document, checked, datasets, warn, ...initial, ...(startBatchThread && { startBatchThread }) });
      try {
        if (checkpoint) trainer.restore(checkpoint);
      } catch (error) {
        trainer.dispose();
        return { ok: false, message: error instanceof Error ? error.message : String(error), remedy: "Train again from the start." };
      }
      const session = createSession({
        trainer,
        emit,
        seconds: seconds ?? 0,
        ...(pauseAfter !== undefined && { pauseAfter }),
      });
      held = { trainer, session, ended: session.run(), emit };
      return {
        ok: true,
        seed: trainer.seed,
        batch: trainer.batch,
        steps: trainer.steps,
        step: trainer.step,
        parameters: checked.totals.parameters,
        dataHash: await hashOfAll([...datasets.values()]),
        backend,
        ...(carried && { carried }),
      };
    },
    pause: async () => held?.session.pause(),
    resume: async () => held?.session.resume(),
    step: async () => held?.session.stepOnce(),
    stop: async () => held?.session.stop(),
    checkpoint: async () => held?.session.checkpoint(),
    // What cannot be seen now (no room beside the run, say) is no reason to disturb it.
    probe: async (path) => held?.trainer.probe(path).catch(() => undefined),
    release,
    fail: (message) => held?.emit({ kind: "state", state: "failed", failure: { message } }),
  };
}

/** What the backend in use cannot compute of a run, if there is anything. */
async function missing(rehearsal: (label: (path: string) => void) => void) {
  const backend = trainingBackends.find((name) => name === tf.getBackend());
  return backend && preflight(backend, rehearsal);
}

/** What an event carries that can be handed over instead of copied. */
function buffersOf(event: RunEvent): ArrayBufferLike[] {
  if (event.kind === "checkpoint") return [event.bytes.buffer];
  if (event.kind === "previews") return [...new Set(event.frames.flatMap(({ ports }) => Object.values(ports).map(({ values }) => values.buffer)))];
  return [];
}

/** One hash of all data sets: their own if there is one, else of theirs together. */
async function hashOfAll(datasets: readonly Dataset[]): Promise<string> {
  const hashes = datasets.map((dataset) => dataset.hash);
  if (hashes.length <= 1) return hashes[0] ?? "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hashes.join("\n")));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
