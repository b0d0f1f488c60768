import {
  env,
  getKernel,
  type KernelBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

/** Kernels of tfjs's graphics backends that are wrong, replaced. */

type Graphics = "webgl" | "webgpu";

/** Tensors that one shader may read: WebGPU promises eight with the result, and tfjs asks for no more; WebGL says how many. */
const shaderInputs: Readonly<Record<Graphics, () => number>> = {
  webgpu: () => 7,
  webgl: () => env().getNumber("WEBGL_MAX_TEXTURES_IN_SHADER"),
};

/**
 * Σ of any number of tensors, as many at a time as one shader reads. tfjs's WebGPU makes one shader of all, which is refused
 * with nothing said but on the console, and the sum is zero; its WebGL never frees its partial sums.
 */
function sumInGroups(sum: KernelConfig, limit: () => number): KernelConfig {
  const add = (tensors: readonly TensorInfo[], backend: KernelBackend): TensorInfo => {
    const list: object = [...tensors];
    const [result] = [sum.kernelFunc({ inputs: list as NamedTensorInfoMap, attrs: {}, backend })].flat();
    return result as TensorInfo;
  };
  return {
    ...sum,
    kernelFunc(params) {
      const backend = params.backend as KernelBackend;
      const tensors = Object.values(params.inputs) as TensorInfo[];
      const most = limit();
      let total = add(tensors.slice(0, most), backend);
      for (let at = most; at < tensors.length; at += most - 1) {
        const next = add([total, ...tensors.slice(at, at + most - 1)], backend);
        backend.disposeData(total.dataId);
        total = next;
      }
      return total;
    },
  };
}

const registered = new Set<Graphics>();

/** Registers them on a backend. Once; tfjs's own must be loaded. */
export function registerGpuKernels(backend: Graphics): void {
  if (registered.has(backend)) return;
  registered.add(backend);
  const mended = sumInGroups(getKernel("AddN", backend), shaderInputs[backend]);
  unregisterKernel(mended.kernelName, backend);
  registerKernel(mended);
}
