import { type BackendName, backendTitles, prepareBackend, type TrainingBackend, trainingBackends } from "../../src/backends/backends.ts";
import type { BackendMeasurement, BackendReport, EngineApi } from "../engine/api.ts";
import { measureStep } from "./measure.ts";

/** The worker's backends: measured once, then the fastest or the chosen one is in use. */
export interface WorkerBackends extends Pick<EngineApi, "prepareBackend"> {
  /** Waits until a backend is in use; takes the fastest if none was asked for. Its label. */
  ready(): Promise<string>;
}

const short: Readonly<Record<BackendName, string>> = { webgpu: "WebGPU", webgl: "WebGL", wasm: "WASM", cpu: "JavaScript" };

export function createWorkerBackends(base: string): WorkerBackends {
  let current: Promise<BackendReport> | undefined;

  // One thread: the app's content policy forbids the blob: scripts from which tfjs starts more.
  const prepare = (name: BackendName): Promise<void> => prepareBackend(name, { wasmPaths: new URL("wasm/", base).href, threads: 1 });

  const measure = async (name: TrainingBackend): Promise<BackendMeasurement> => {
    try {
      await prepare(name);
      const milliseconds = await measureStep();
      return { name, label: short[name], available: true, milliseconds };
    } catch (error) {
      return { name, label: backendTitles[name], available: false, note: error instanceof Error ? error.message : String(error) };
    }
  };

  const choose = async (preferred: string | undefined, known: readonly BackendMeasurement[] | undefined): Promise<BackendReport> => {
    const measured: BackendMeasurement[] = [...(known ?? [])];
    if (known === undefined) for (const name of trainingBackends) measured.push(await measure(name));
    const ranked = measured.filter((one) => one.available).sort((a, b) => (a.milliseconds ?? 1e9) - (b.milliseconds ?? 1e9));
    const candidates = [...ranked.filter((one) => one.name === preferred), ...ranked];
    for (const { name } of candidates) {
      const training = trainingBackends.find((one) => one === name);
      if (training === undefined) continue;
      try {
        await prepare(training);
        return { chosen: name, label: short[training], measured };
      } catch {
        // It was there when it was measured, and is not now: the next one.
      }
    }
    if (known !== undefined) return choose(preferred, undefined);
    throw new Error("No backend can train here: this browser offers neither WebGPU, WebGL nor WebAssembly.");
  };

  const backends: WorkerBackends = {
    prepareBackend(preferred, known) {
      const before = current?.catch(() => undefined) ?? Promise.resolve();
      current = before.then(() => choose(preferred, known));
      return current;
    },
    ready: async () => (await (current ?? backends.prepareBackend(undefined, undefined))).label,
  };
  return backends;
}
