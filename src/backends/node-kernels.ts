import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { hasRelaxedSimd, type KernelSource } from "./kernels/machine.ts";

/**
 * The kernels in Node. Never import it in the page.
 * @param folder address of `dist/kernels/`, with a slash at its end
 */
export function nodeKernels(folder: URL): KernelSource {
  // Node 20 knows relaxed SIMD but asks to be told so; from Node 21 on it is there.
  if (!hasRelaxedSimd() && Number.parseInt(process.versions.node, 10) < 21) setFlagsFromString("--experimental-wasm-relaxed-simd");
  return {
    load: (variant) => readFile(new URL(`${variant}.wasm`, folder)),
    spawn(data) {
      const thread = new Worker(new URL("thread.js", folder), { workerData: data });
      // A program that has nothing else to do may end.
      thread.unref();
      return thread;
    },
  };
}
