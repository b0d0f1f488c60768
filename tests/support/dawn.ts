import { existsSync } from "node:fs";
import { constants } from "node:os";
import { type BackendOptions, prepareBackend } from "../../src/backends/backends.ts";
import { dawn } from "../../src/backends/dawn.ts";

/**
 * WebGPU for tests and benchmarks in Node: on the machine's own graphics card, else on the software driver (SwiftShader)
 * that Chromium has beside it.
 */
const chromium = "/usr/lib/chromium";

/** What `prepareBackend("webgpu", …)` needs. */
export const webgpuOptions: BackendOptions = { gpu: softwareOrCard };

/** Prepares WebGPU; where there is none, says why. */
export async function tryWebgpu(): Promise<string | undefined> {
  try {
    await prepareBackend("webgpu", webgpuOptions);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function softwareOrCard(): Promise<GPU> {
  if (process.env.VK_ICD_FILENAMES === undefined && !existsSync("/dev/dri") && !existsSync("/dev/nvidia0")) loadSoftware();
  return dawn();
}

/** Loads Chromium's Vulkan for good: it lies outside the folders in which Dawn looks. */
function loadSoftware(): void {
  const [driver, vulkan] = [`${chromium}/vk_swiftshader_icd.json`, `${chromium}/libvulkan.so.1`];
  if (!existsSync(driver) || !existsSync(vulkan)) return;
  process.env.VK_ICD_FILENAMES = driver;
  const neverUnload = 0x1000;
  try {
    process.dlopen({ exports: {} }, vulkan, constants.dlopen.RTLD_NOW | neverUnload);
  } catch {
    // It is no module of Node's; loaded it is all the same.
  }
}
