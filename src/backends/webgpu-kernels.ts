import {
  getKernel,
  type KernelBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

/** Kernels of tfjs's WebGPU backend that are wrong, replaced. */

/** Tensors that a shader may have beside its result: WebGPU promises eight, and tfjs asks for no more. */
const inputsOfShader = 7;

/**
 * Σ of any number of tensors. tfjs makes one shader of all, which WebGPU refuses beyond eight buffers; nothing tells but
 * the console, and the sum is zero.
 */
function sumInGroups(sum: KernelConfig): KernelConfig {
  const add = (tensors: readonly TensorInfo[], backend: KernelBackend): TensorInfo => {
    const list: object = [...tensors];
    const [result] = [sum.kernelFunc({ inputs: list as NamedTensorInfoMap, attrs: {}, backend })].flat();
    return result as TensorInfo;
  };
  return {
    ...sum,
    kernelFunc({ inputs, backend }) {
      const tensors = Object.values(inputs) as TensorInfo[];
      let total = add(tensors.slice(0, inputsOfShader), backend as KernelBackend);
      for (let at = inputsOfShader; at < tensors.length; at += inputsOfShader - 1) {
        const next = add([total, ...tensors.slice(at, at + inputsOfShader - 1)], backend as KernelBackend);
        (backend as KernelBackend).disposeData(total.dataId);
        total = next;
      }
      return total;
    },
  };
}

let registered = false;

/** Registers them. Once; tfjs's own must be loaded. */
export function registerWebgpuKernels(): void {
  if (registered) return;
  registered = true;
  const mended = sumInGroups(getKernel("AddN", "webgpu"));
  unregisterKernel(mended.kernelName, mended.backendName);
  registerKernel(mended);
}
