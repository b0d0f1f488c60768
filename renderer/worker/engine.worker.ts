import * as Comlink from "comlink";
import type { EngineApi } from "../engine/api.ts";
import { createDataClient, type WorkerData } from "./data-client.ts";

/**
 * The engine's worker. Questions about data go on to a worker of their own at once; tfjs and all that needs it are loaded when
 * they are first asked for, so that the checker knows the data before the backends are measured.
 */
type Heavy = ReturnType<typeof import("./engine.ts").createWorkerEngine>;

let sets: WorkerData | undefined;
let heavy: Promise<Heavy> | undefined;
let base = self.location.href;

const data = (): WorkerData => {
  if (sets === undefined) throw new Error("The engine has not been initialised.");
  return sets;
};
const engine = (): Promise<Heavy> => {
  heavy ??= import("./engine.ts").then(({ createWorkerEngine }) => createWorkerEngine(data(), base));
  return heavy;
};

const api: EngineApi = {
  async initialise(surroundings, readUser) {
    base = surroundings.base;
    sets = createDataClient(base, readUser);
  },
  ping: async () => undefined,
  datasets: async (files) => data().datasets(files),
  samples: async (...args) => data().samples(...args),
  describeFile: async (...args) => data().describeFile(...args),
  packImages: async (files) => data().packImages(files),
  prepareBackend: async (...args) => (await engine()).prepareBackend(...args),
  startRun: async (...args) => (await engine()).startRun(...args),
  pause: async () => (await engine()).pause(),
  resume: async () => (await engine()).resume(),
  step: async () => (await engine()).step(),
  stop: async () => (await engine()).stop(),
  checkpoint: async () => (await engine()).checkpoint(),
  probe: async (path) => (await engine()).probe(path),
  release: async () => (await engine()).release(),
  exportFormats: async () => (await engine()).exportFormats(),
  analyse: async (...args) => (await engine()).analyse(...args),
  cancelAnalysis: async () => (await engine()).cancelAnalysis(),
  exportModel: async (request) => (await engine()).exportModel(request),
  write: async (...args) => (await engine()).write(...args),
  stopWriting: async () => (await engine()).stopWriting(),
};

Comlink.expose(api);
