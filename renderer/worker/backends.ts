import { type BackendName, backendTitles, prepareBackend, trainingBackends } from "../../src/backends/backends.ts";
import { type BackendMeasure, measureBackend, rankBackends } from "../../src/backends/choose.ts";
import { watchDevice } from "../../src/backends/watch-device.ts";
import type { BackendMeasurement, BackendReport, EngineApi } from "../engine/api.ts";
import { pageKernels } from "./kernels.ts";

/** The worker's backends: measured once, then the fastest or the chosen one is in use. */
export interface WorkerBackends extends Pick<EngineApi, "prepareBackend"> {
  /**
   * Waits until the backend for a network of this size is in use: the chosen one, else the fastest for it.
   * @param multiplyAdds of a forward pass of the whole batch
   * @returns its label
   */
  ready(multiplyAdds?: number): Promise<string>;
}

const short: Readonly<Record<BackendName, string>> = { webgpu: "WebGPU", webgl: "WebGL", wasm: "WASM", cpu: "JavaScript" };

/** @param onLost the graphics device in use is gone: this worker can do nothing more with it */
export function createWorkerBackends(base: string, onLost: (reason: string) => void): WorkerBackends {
  let current: Promise<BackendReport> | undefined;
  let chosen: string | undefined;

  const options = { kernels: pageKernels(new URL("kernels/", base)) };

  const prepare = async (name: BackendName): Promise<string> => {
    await prepareBackend(name, options);
    watchDevice(onLost);
    return short[name];
  };

  const measure = async (name: BackendName): Promise<BackendMeasurement> => {
    const measured = await measureBackend(name, options);
    if (!measured.ok) return { name, label: backendTitles[name], available: false, note: measured.reason };
    return { name, label: backendTitles[name], available: true, small: measured.small, large: measured.large };
  };

  /** Prepares the first that works: the chosen one, then the others from the fastest on. */
  const take = async (measured: readonly BackendMeasurement[], multiplyAdds?: number): Promise<BackendReport> => {
    const ranked = rankBackends(measured.flatMap(asMeasure), multiplyAdds).map(({ name }) => name);
    const preferred = trainingBackends.find((name) => name === chosen);
    for (const name of preferred === undefined ? ranked : [preferred, ...ranked]) {
      try {
        return { chosen: name, label: await prepare(name), measured };
      } catch {
        // It was there when it was measured, and is not now: the next one.
      }
    }
    throw new Error("No backend can train here: this browser offers neither WebGPU, WebGL nor WebAssembly.");
  };

  const choose = async (known: readonly BackendMeasurement[] | undefined): Promise<BackendReport> => {
    if (known !== undefined) return take(known).catch(() => choose(undefined));
    const measured: BackendMeasurement[] = [];
    for (const name of trainingBackends) measured.push(await measure(name));
    return take(measured);
  };

  const backends: WorkerBackends = {
    prepareBackend(preferred, known) {
      const before = current?.catch(() => undefined) ?? Promise.resolve();
      current = before.then(() => {
        chosen = preferred;
        return choose(known);
      });
      return current;
    },
    async ready(multiplyAdds) {
      const { measured } = await (current ?? backends.prepareBackend(undefined, undefined));
      current = take(measured, multiplyAdds);
      return (await current).label;
    },
  };
  return backends;
}

/** What the page keeps of a measurement, as the ranking takes it. */
export function asMeasure({ name, small, large }: BackendMeasurement): BackendMeasure[] {
  const known = trainingBackends.find((one) => one === name);
  return known && small && large ? [{ name: known, ok: true, small, large }] : [];
}
