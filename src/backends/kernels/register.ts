import "@tensorflow/tfjs-backend-cpu";
import { getKernelsForBackend, type KernelFunc, registerBackend, registerKernel } from "@tensorflow/tfjs-core";
import { registerShapes } from "../shapes/backend.ts";
import { hasShapes } from "../shapes/symbolic.ts";
import { WasmBackend } from "./backend.ts";
import { castInScript } from "./cast.ts";
import type { Lowering } from "./emit.ts";
import { lowerings } from "./lowerings.ts";
import { createMachine, type KernelSource, type Machine } from "./machine.ts";

/**
 * Registers the backend `wasm` with tfjs, and for it every kernel: ours where there is a lowering, tfjs's JavaScript for the rest.
 * @throws Error if the kernels cannot be had or this engine cannot run them
 */
export async function registerWasmBackend(source: KernelSource, threads: number): Promise<void> {
  // The first machine is made here, because tfjs tells nobody why a backend did not start.
  let machine: Machine | undefined = await createMachine(source, threads);
  registerBackend(
    "wasm",
    async () => {
      const made = machine ?? (await createMachine(source, threads));
      machine = undefined;
      return new WasmBackend(made);
    },
    0,
  );
  // Steps are compiled from shapes, before the first one is taken.
  if (!hasShapes()) registerShapes();
  for (const { kernelName, kernelFunc } of getKernelsForBackend("cpu")) {
    const lowering = lowerings[kernelName];
    const script = kernelName === "Cast" ? castInScript : kernelFunc;
    registerKernel({ kernelName, backendName: "wasm", kernelFunc: lowering ? lowered(lowering, script) : script });
  }
}

/** A kernel by its lowering, and tfjs's own for the cases that the lowering leaves. */
const lowered =
  (lowering: Lowering, otherwise: KernelFunc): KernelFunc =>
  (params) =>
    (params.backend as WasmBackend).runLowered(lowering, params.inputs, params.attrs ?? {}) ?? otherwise(params);
