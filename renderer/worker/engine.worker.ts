import * as Comlink from "comlink";
import type { EngineApi } from "../engine/api.ts";
import { createReader } from "./reader.ts";

/**
 * The engine's worker. Data sets are answered for at once; tfjs and all that needs it are loaded when they are first
 * asked for, so that the checker knows the data before the backends are measured.
 */
type Light = ReturnType<typeof import("./data.ts").createWorkerData>;
type Heavy = ReturnType<typeof import("./engine.ts").createWorkerEngine>;

let light: Promise<Light> | undefined;
let heavy: Promise<Heavy> | undefined;
let base = self.location.href;

const data = (): Promise<Light> => light ?? Promise.reject(new Error("The engine has not been initialised."));
const engine = (): Promise<Heavy> => {
  heavy ??= Promise.all([data(), import("./engine.ts")]).then(([sets, { createWorkerEngine }]) => createWorkerEngine(sets, base));
  return heavy;
};

const api: EngineApi = {
  async initialise(surroundings, readUser) {
    base = surroundings.base;
    const { createWorkerData } = await import("./data.ts");
    light = Promise.resolve(createWorkerData(createReader(base, readUser)));
  },
  ping: async () => undefined,
  datasets: async (files) => (await data()).datasets(files),
  samples: async (...args) => (await data()).samples(...args),
  describeFile: async (...args) => (await data()).describeFile(...args),
  packImages: async (files) => (await data()).packImages(files),
  prepareBackend: async (...args) => (await engine()).prepareBackend(...args),
  startRun: async (...args) => (await engine()).startRun(...args),
  pause: async () => (await engine()).pause(),
  resume: async () => (await engine()).resume(),
  step: async () => (await engine()).step(),
  stop: async () => (await engine()).stop(),
  checkpoint: async () => (await engine()).checkpoint(),
  release: async () => (await engine()).release(),
  exportFormats: async () => (await engine()).exportFormats(),
  exportModel: async (request) => (await engine()).exportModel(request),
};

Comlink.expose(api);
