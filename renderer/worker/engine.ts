import type { EngineApi } from "../engine/api.ts";
import { createWorkerAnalyses } from "./analyses.ts";
import { createWorkerBackends } from "./backends.ts";
import type { WorkerData } from "./data-client.ts";
import { createWorkerExports } from "./exports.ts";
import { createWorkerTraining, type WorkerTraining } from "./training.ts";
import { createWorkerWriting } from "./writing.ts";

/** The part of the worker that needs tfjs. */
export type WorkerEngine = WorkerTraining &
  Pick<EngineApi, "prepareBackend" | "exportFormats" | "exportModel" | "analyse" | "cancelAnalysis" | "write" | "stopWriting">;

export function createWorkerEngine(data: WorkerData, base: string): WorkerEngine {
  const backends = createWorkerBackends(base, (reason) => training.fail(reason));
  const training = createWorkerTraining(data, backends);
  const writing = createWorkerWriting(data, backends);
  return {
    ...training,
    // A run may need all the memory there is.
    async startRun(...args) {
      await writing.release();
      return training.startRun(...args);
    },
    ...createWorkerExports(data, backends),
    ...createWorkerAnalyses(data, backends),
    write: writing.write,
    stopWriting: writing.stopWriting,
    prepareBackend: backends.prepareBackend,
  };
}
