import * as tf from "@tensorflow/tfjs-core";
import { registerGpuKernels } from "./gpu-kernels.ts";
import type { KernelSource } from "./kernels/machine.ts";

/**
 * The places where tensors live and kernels run. Each is a tfjs backend, loaded when it is first asked for,
 * so that a page which trains on the GPU never fetches the others.
 */

/** Backends that may train, in the order in which they are tried. */
export const trainingBackends = ["webgpu", "webgl", "wasm"] as const;
export type TrainingBackend = (typeof trainingBackends)[number];

/** `cpu` is tfjs's pure JavaScript: the reference in tests, 60 to 230 times slower, never chosen for training. */
export type BackendName = TrainingBackend | "cpu";

export const backendTitles: Readonly<Record<BackendName, string>> = {
  webgpu: "WebGPU (graphics card)",
  webgl: "WebGL (graphics card)",
  wasm: "WebAssembly (processor)",
  cpu: "JavaScript (for tests)",
};

export interface BackendOptions {
  /** Needed for `wasm`: in Node `nodeKernels` of node.ts, in the page its worker's. */
  readonly kernels?: KernelSource;
  /** Threads of `wasm`, this one among them. Default: one for each processor, eight at most. */
  readonly threads?: number;
  /** Where WebGPU begins outside of a browser: in Node `dawn` of dawn.ts. */
  readonly gpu?: () => Promise<GPU>;
}

/** A backend that cannot be had here; the message says why, for people. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

const loaded = new Set<BackendName>();

/**
 * Loads a backend, adds the kernels that it lacks, and makes it the one that tfjs uses.
 * @throws BackendError if this machine, browser or page cannot run it.
 */
export async function prepareBackend(name: BackendName, options: BackendOptions = {}): Promise<void> {
  // Not `tf.findBackend`: it would start a backend that is registered.
  let ready = false;
  try {
    if (!loaded.has(name)) await loaders[name](options);
    loaded.add(name);
    ready = await tf.setBackend(name);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    throw new BackendError(`${backendTitles[name]} could not be started: ${reason(error)}`);
  }
  if (!ready) throw new BackendError(`${backendTitles[name]} could not be started on this machine.`);
  await tf.ready();
}

/**
 * Throws a backend's device and all its tensors away and starts it anew: for a lost GPU context.
 * @throws BackendError as `prepareBackend` does.
 */
export async function renewBackend(name: BackendName, options: BackendOptions = {}): Promise<void> {
  const factory = tf.findBackendFactory(name);
  if (factory !== null) {
    tf.removeBackend(name);
    tf.registerBackend(name, factory);
  }
  await prepareBackend(name, options);
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const loaders: Readonly<Record<BackendName, (options: BackendOptions) => Promise<void>>> = {
  async cpu() {
    // Else tfjs advertises its native package on the console at the first tensor.
    tf.enableProdMode();
    await import("@tensorflow/tfjs-backend-cpu");
  },
  async webgl() {
    if (typeof OffscreenCanvas === "undefined" && typeof WebGL2RenderingContext === "undefined")
      throw new BackendError("WebGL is not available here: it needs a browser.");
    await import("@tensorflow/tfjs-backend-webgl");
    registerGpuKernels("webgl");
  },
  async webgpu(options) {
    const gpu = options.gpu ? await options.gpu() : typeof navigator === "undefined" ? undefined : navigator.gpu;
    if (gpu === undefined) throw new BackendError("WebGPU is not available here: this browser, or this page's address, does not offer it.");
    if ((await gpu.requestAdapter()) === null) throw new BackendError("WebGPU is not available here: no graphics adapter was found.");
    await import("@tensorflow/tfjs-backend-webgpu");
    registerGpuKernels("webgpu");
  },
  async wasm({ kernels, threads }) {
    if (kernels === undefined) throw new BackendError("WebAssembly needs to be told where its kernels are.");
    tf.enableProdMode();
    const { registerWasmBackend } = await import("./kernels/register.ts");
    await registerWasmBackend(kernels, threads ?? Math.min(mostThreads, kernels.cores));
  },
};

/** More threads than this gain little: the kernels are bound by memory, and small networks by what cannot be shared. */
const mostThreads = 8;
