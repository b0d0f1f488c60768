import * as tf from "@tensorflow/tfjs-core";
import { registerGpuKernels } from "./gpu-kernels.ts";

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

/** Where tfjs's three `.wasm` files are: a folder's path or address that ends with a slash, or each file's own. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>;
export type WasmFile = "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm";

export interface BackendOptions {
  /** Needed for `wasm`: in Node `wasmFolder()` of node.ts, in the page the addresses that the bundler gave. */
  readonly wasmPaths?: WasmPaths;
  /** Threads of `wasm`, four at most, where the page is cross-origin isolated. Default: half of the processors, two of two or three. */
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
  // Not `tf.findBackend`: it would start a backend that is registered, before its paths are set.
  if (!loaded.has(name)) await loaders[name](options);
  loaded.add(name);
  let ready = false;
  const undoListening = rememberListeners();
  const threads = name === "wasm" ? threadsFor(options) : undefined;
  const undoCores = threads === undefined ? () => {} : pretendCores(2 * threads);
  try {
    ready = await tf.setBackend(name);
  } catch (error) {
    throw new BackendError(`${backendTitles[name]} could not be started: ${reason(error)}`);
  } finally {
    undoListening();
    undoCores();
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

/** Threads to ask for; undefined leaves it to tfjs. Where there are two or three processors it would use one; two are nearly twice as quick. */
function threadsFor({ threads }: BackendOptions): number | undefined {
  if (threads !== undefined || typeof process !== "undefined" || typeof navigator === "undefined") return threads;
  const cores = navigator.hardwareConcurrency;
  return cores === 2 || cores === 3 ? 2 : undefined;
}

/**
 * tfjs's compiled code takes half of the processors that the browser reports, four at most, however many threads it is asked
 * for: on two processors, one. While it starts it is shown as many as make the wish come true.
 */
function pretendCores(cores: number): () => void {
  if (typeof navigator === "undefined" || typeof process !== "undefined") return () => {};
  Object.defineProperty(navigator, "hardwareConcurrency", { value: cores, configurable: true });
  return () => void Reflect.deleteProperty(navigator, "hardwareConcurrency");
}

/**
 * In Node tfjs's WebAssembly module begins to listen for the process's uncaught errors and throws each one again, with
 * its own source text printed before it. Errors are not its business: what it adds is taken away.
 */
function rememberListeners(): () => void {
  if (typeof process === "undefined" || typeof process.rawListeners !== "function") return () => {};
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set(process.rawListeners(event)));
  return () =>
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event))
        if (!before[i]?.has(listener)) process.removeListener(event, listener as (...args: unknown[]) => void);
    });
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
  async wasm(options) {
    const { wasmPaths } = options;
    const threads = threadsFor(options);
    const [wasm, { registerWasmKernels }] = await Promise.all([import("@tensorflow/tfjs-backend-wasm"), import("./wasm-kernels.ts")]);
    if (wasmPaths !== undefined) wasm.setWasmPaths(wasmPaths);
    if (threads !== undefined) wasm.setThreadsCount(threads);
    // tfjs starts threads from blob: scripts and waits for them; where a content policy forbids those, one thread must do.
    if (threads === 1) tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    registerWasmKernels();
  },
};
