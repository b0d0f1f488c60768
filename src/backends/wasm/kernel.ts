import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { getKernel, type KernelConfig, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from "@tensorflow/tfjs-core";

/**
 * What kernels of our own on tfjs's `wasm` backend are made of: other kernels of that backend, called without the
 * engine between, and loops over its heap.
 * Ownership: a kernel owns what it makes and disposes of all but its result; its inputs belong to the caller.
 */

export type { BackendWasm };

/** A kernel with exact types; they are forgotten here, as tfjs's registry wants it. */
export function defineKernel<Input extends string, Attrs>(
  kernelName: string,
  run: (inputs: Readonly<Record<Input, TensorInfo>>, attrs: Attrs, backend: BackendWasm) => TensorInfo | TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => run(inputs as Record<Input, TensorInfo>, attrs as Attrs, backend as BackendWasm),
  };
}

/** Runs a kernel that has one output. The caller owns the result. */
export function call(backend: BackendWasm, kernelName: string, inputs: NamedTensorInfoMap, attrs: NamedAttrMap = {}): TensorInfo {
  const output = getKernel(kernelName, "wasm").kernelFunc({ inputs, attrs, backend });
  if (Array.isArray(output)) throw new Error(`The kernel ${kernelName} has several outputs.`);
  return output;
}

/** The same numbers under another shape, without a copy; not a tensor of its own, so never to be disposed of. */
export const reshaped = (x: TensorInfo, shape: number[]): TensorInfo => ({ dataId: x.dataId, shape, dtype: x.dtype });

/** A float32 tensor whose numbers are not set yet. */
export const empty = (backend: BackendWasm, shape: number[]): TensorInfo => backend.makeOutput(shape, "float32");

/** A float32 tensor of zeros. */
export function zeros(backend: BackendWasm, shape: number[]): TensorInfo {
  const out = empty(backend, shape);
  floats(backend, out).fill(0);
  return out;
}

/** A tensor's numbers on the heap. Making any tensor may move the heap: take views after the last one is made. */
export function floats(backend: BackendWasm, x: TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(x);
  if (!(view instanceof Float32Array)) throw new Error(`Numbers of type float32 are needed here, and ${x.dtype} came.`);
  return view;
}

export const dispose = (backend: BackendWasm, ...tensors: TensorInfo[]): void => {
  for (const { dataId } of tensors) backend.disposeData(dataId);
};

export const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
