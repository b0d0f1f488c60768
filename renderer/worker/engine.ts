import type { EngineApi } from "../engine/api.ts";
import { createWorkerAnalyses } from "./analyses.ts";
import { createWorkerBackends } from "./backends.ts";
import type { WorkerData } from "./data-client.ts";
import { createWorkerExports } from "./exports.ts";
import { createWorkerTraining, type WorkerTraining } from "./training.ts";

/** The part of the worker that needs tfjs. */
export type WorkerEngine = WorkerTraining & Pick<EngineApi, "prepareBackend" | "exportFormats" | "exportModel" | "analyse" | "cancelAnalysis">;

export function createWorkerEngine(data: WorkerData, base: string): WorkerEngine {
  const backends = createWorkerBackends(base, (reason) => training.fail(reason));
  const training = createWorkerTraining(data, backends);
  return { ...training, ...createWorkerExports(data, backends), ...createWorkerAnalyses(data, backends), prepareBackend: backends.prepareBackend };
}
