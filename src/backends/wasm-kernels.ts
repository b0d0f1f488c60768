import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { conv2dFilterGradient } from "./wasm/conv2d-filter-gradient.ts";
import { conv2dInputGradient } from "./wasm/conv2d-input-gradient.ts";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./wasm/depthwise-gradient.ts";
import { rowGather } from "./wasm/gather.ts";
import { sharingIdentity } from "./wasm/identity.ts";
import { fastFusedMatMul, fastMatMul } from "./wasm/mat-mul.ts";
import { maxPoolGradient } from "./wasm/max-pool-gradient.ts";
import { segmentSum } from "./wasm/segment-sum.ts";
import { runSlice, runSplit } from "./wasm/slice.ts";
import { quickErf, quickTanh } from "./wasm/smooth.ts";
import { rowWiseSum } from "./wasm/sum.ts";
import { runTile } from "./wasm/tile.ts";

/** Kernels that tfjs's wasm backend lacks: without them no convolution and no embedding trains there. */
const added: readonly KernelConfig[] = [conv2dFilterGradient, depthwiseFilterGradient, depthwiseInputGradient, segmentSum];

/** Faster kernels in place of tfjs's own. Made when they are registered, for they may build upon what they replace. */
const replacements: readonly (() => KernelConfig)[] = [
  () => conv2dInputGradient,
  () => maxPoolGradient,
  () => sharingIdentity,
  () => runSlice,
  () => runSplit,
  () => runTile,
  () => quickTanh,
  () => quickErf,
  rowGather,
  rowWiseSum,
  fastMatMul,
  fastFusedMatMul,
];

let registered = false;

/** Registers on tfjs's `wasm` backend the kernels that it lacks and faster ones for some that it has. Once; tfjs's must be loaded. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  for (const kernel of added) registerKernel(kernel);
  for (const make of replacements) {
    const kernel = make();
    // Initialising the backend calls each kernel's set-up; ours reach tfjs's compiled code through theirs.
    const { setupFunc } = getKernel(kernel.kernelName, "wasm");
    unregisterKernel(kernel.kernelName, "wasm");
    registerKernel(setupFunc === undefined ? kernel : { ...kernel, setupFunc });
  }
}
