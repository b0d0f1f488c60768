import { BackendError } from "./backends.ts";

/**
 * WebGPU in Node: Dawn, the implementation that Chromium has, from the optional npm package `webgpu`.
 * Node only: never import it in the page.
 */

let started: Promise<GPU> | undefined;

/**
 * Where WebGPU begins in Node, for `prepareBackend("webgpu", { gpu: dawn })`. tfjs asks the browser's names for it
 * (`navigator.gpu`, `GPUBuffer`, …): they are put in place.
 * @throws BackendError if the package is not installed, or there is no graphics adapter
 */
export function dawn(): Promise<GPU> {
  started ??= start().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start(): Promise<GPU> {
  const { create, globals } = await import("webgpu").catch((error: unknown) => {
    throw new BackendError(
      `WebGPU is not available here: in Node it needs the package "webgpu" (npm install webgpu). ${error instanceof Error ? error.message : ""}`.trim(),
    );
  });
  for (const [name, value] of Object.entries(globals)) define(globalThis, name, value);
  const gpu = create([]);
  if ((await gpu.requestAdapter()) === null) throw new BackendError(`WebGPU is not available here: no graphics adapter was found. ${advice}`);
  // From Node 21 on there is a navigator.
  if (typeof navigator === "undefined") define(globalThis, "navigator", {});
  define(navigator, "gpu", gpu);
  return gpu;
}

const define = (object: object, name: string, value: unknown) =>
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: false });

const advice =
  process.platform === "linux"
    ? "Node reaches it through Vulkan: install libvulkan1 and the graphics card's driver. To try without a card, VK_ICD_FILENAMES may name a software driver."
    : "Install the graphics card's driver.";
