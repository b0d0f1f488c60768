import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { hasRelaxedSimd, type KernelSource } from "./kernels/machine.ts";

/**
 * The kernels in Node, for `prepareBackend("wasm", { kernels: nodeKernels(folder) })`. Never import it in the page.
 * @param folder path of `dist/kernels`
 */
export function nodeKernels(folder: string): KernelSource {
  // Node 20 knows relaxed SIMD but asks to be told so; from Node 21 on it is there.
  if (!hasRelaxedSimd() && Number.parseInt(process.versions.node, 10) < 21) setFlagsFromString("--experimental-wasm-relaxed-simd");
  return {
    cores: availableParallelism(),
    load: (variant) => readFile(resolve(folder, `${variant}.wasm`)),
    spawn(data) {
      const thread = new Worker(resolve(folder, "thread.js"), { workerData: data });
      // A program that has nothing else to do may end.
      thread.unref();
      return thread;
    },
  };
}
