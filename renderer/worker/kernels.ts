import type { KernelSource } from "../../src/backends/kernels/machine.ts";

/**
 * The kernels as the app's server or Electron's protocol gives them. Threads are there where the page is cross-origin isolated.
 * @param folder address of `kernels/`
 */
export function pageKernels(folder: URL): KernelSource {
  return {
    cores: navigator.hardwareConcurrency,
    async load(variant) {
      const response = await fetch(new URL(`${variant}.wasm`, folder));
      if (!response.ok) throw new Error(`The kernels could not be loaded (${response.status} ${response.statusText}).`);
      return response.arrayBuffer();
    },
    ...(self.crossOriginIsolated && {
      spawn(data) {
        const thread = new Worker(new URL("thread.js", folder));
        thread.postMessage(data);
        return thread;
      },
    }),
  };
}
