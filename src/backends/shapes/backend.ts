import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import {
  type BackendValues,
  type DataType,
  getKernelsForBackend,
  type KernelConfig,
  type KernelFunc,
  registerBackend,
  registerKernel,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Outline, ShapeRule } from "./rule.ts";
import { shapeRules } from "./rules.ts";
import { SymbolicError, shapesBackend } from "./symbolic.ts";

/** Kernels whose results have as many elements as their inputs' numbers say. */
const dependsOnNumbers = /^(NonMaxSuppression|Ragged|Sparse|String|Unique|StaticRegex)/;

/**
 * A tfjs backend on which tensors have shape and type but no numbers and no memory: what runs on it says which kernels it calls on
 * which shapes, and computes nothing. Numbers written by code are kept, so that they can be looked at afterwards.
 */
export class ShapeBackend extends MathBackendCPU {
  override write(values: BackendValues, _shape: number[], dtype: DataType): object {
    const dataId = {};
    this.data.set(dataId, { values, dtype, refCount: 1 });
    return dataId;
  }

  /** @throws SymbolicError for what was computed */
  override readSync(dataId: object): BackendValues {
    if (this.data.get(dataId).values === undefined) throw new SymbolicError();
    return super.readSync(dataId);
  }

  /** A tensor without numbers. */
  outline(shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.data.set(dataId, { dtype, refCount: 1 });
    return { dataId, shape: [...shape], dtype };
  }

  /** Runs a kernel in JavaScript on zeros of the inputs' shapes, and forgets the numbers. */
  runOnZeros(kernel: KernelFunc, params: Parameters<KernelFunc>[0]): TensorInfo | TensorInfo[] {
    const inputs = Object.values<TensorInfo | undefined>(params.inputs).flatMap((info) => (info ? [info] : []));
    const lent = inputs.map(({ dataId }) => this.data.get(dataId)).filter(({ values }) => values === undefined);
    // Kernels without inputs make what code has written: it stays known.
    for (const [i, data] of inputs.map(({ dataId }) => this.data.get(dataId)).entries())
      data.values ??= util.makeZerosTypedArray(util.sizeFromShape((inputs[i] as TensorInfo).shape), data.dtype as "float32");
    try {
      const produced = kernel(params);
      const known = new Set(inputs.map(({ dataId }) => dataId));
      if (inputs.length > 0) for (const { dataId } of [produced].flat()) if (!known.has(dataId)) delete this.data.get(dataId).values;
      return produced;
    } finally {
      for (const data of lent) delete data.values;
    }
  }
}

/** Registers the backend with tfjs, which never picks it by itself. Once. */
export function registerShapes(): void {
  registerBackend(shapesBackend, () => new ShapeBackend(), -2);
  for (const kernel of getKernelsForBackend("cpu")) registerKernel(symbolic(kernel));
}

function symbolic({ kernelName, kernelFunc }: KernelConfig): KernelConfig {
  const rule = shapeRules[kernelName];
  return {
    kernelName,
    backendName: shapesBackend,
    kernelFunc(params) {
      const backend = params.backend as ShapeBackend;
      if (dependsOnNumbers.test(kernelName)) throw new SymbolicError();
      const outlines = rule && outlinesOf(rule, params);
      if (outlines === undefined) return backend.runOnZeros(kernelFunc, params);
      return Array.isArray(outlines) ? outlines.map((one) => made(backend, one)) : made(backend, outlines as Outline);
    },
  };
}

const outlinesOf = (rule: ShapeRule, { inputs, attrs }: Parameters<KernelFunc>[0]): ReturnType<ShapeRule> =>
  rule(inputs as Readonly<Record<string, TensorInfo>>, attrs ?? {});

function made(backend: ShapeBackend, { shape, dtype, as }: Outline): TensorInfo {
  if (as === undefined) return backend.outline(shape, dtype);
  backend.incRef(as.dataId);
  return { dataId: as.dataId, shape: [...shape], dtype };
}
