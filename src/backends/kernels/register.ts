import "@tensorflow/tfjs-backend-cpu";
import { getKernelsForBackend, type KernelConfig, registerBackend, registerKernel } from "@tensorflow/tfjs-core";
import { WasmBackend } from "./backend.ts";
import type { Lowering } from "./emit.ts";
import { lowerings } from "./lowerings.ts";
import { createMachine, type KernelSource } from "./machine.ts";

/** Registers the backend `wasm` with tfjs, and for it every kernel: ours where there is a lowering, tfjs's JavaScript for the rest. */
export function registerWasmBackend(source: KernelSource, threads: number): void {
  registerBackend("wasm", async () => new WasmBackend(await createMachine(source, threads)), 0);
  for (const config of getKernelsForBackend("cpu")) {
    const lowering = lowerings[config.kernelName];
    registerKernel({ ...config, backendName: "wasm", ...(lowering && { kernelFunc: lowered(config, lowering) }) });
  }
}

/** A kernel by its lowering, and tfjs's own for the cases that the lowering leaves. */
const lowered =
  ({ kernelFunc }: KernelConfig, lowering: Lowering): KernelConfig["kernelFunc"] =>
  (params) =>
    (params.backend as WasmBackend).runLowered(lowering, params.inputs, params.attrs ?? {}) ?? kernelFunc(params);
