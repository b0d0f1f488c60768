import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type BackendWasm, empty, size } from "./kernel.ts";

/** What Emscripten adds to tfjs's compiled module. */
interface Emscripten {
  cwrap(name: string, result: null, args: readonly string[]): (...args: unknown[]) => void;
}

/** Names under which slices are known to the compiled code; tfjs counts its own tensors up from 1. */
const ids = { a: 2 ** 31 - 3, b: 2 ** 31 - 2, out: 2 ** 31 - 1 } as const;

const argumentTypes = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
const wrapped = new WeakMap<object, (...args: unknown[]) => void>();

/**
 * [batch, m, k] × [batch, k, n], one matrix after the other over tfjs's fast path. Each slice is a tensor of the compiled
 * code for one product only: nothing is copied.
 */
export function multiplySlices(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const module = backend.wasm as typeof backend.wasm & Emscripten;
  let multiply = wrapped.get(module);
  if (multiply === undefined) {
    multiply = module.cwrap("BatchMatMul", null, argumentTypes);
    wrapped.set(module, multiply);
  }
  const outer = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1) as number;
  const out = empty(backend, [...outer, m, n]);
  const from = { a: backend.getMemoryOffset(a.dataId), b: backend.getMemoryOffset(b.dataId), out: backend.getMemoryOffset(out.dataId) };
  const aShape = new Uint8Array(Int32Array.of(1, m, k).buffer);
  const bShape = new Uint8Array(Int32Array.of(1, k, n).buffer);
  const { tfjs } = module;
  for (let i = 0; i < size(outer); i++) {
    tfjs.registerTensor(ids.a, m * k, from.a + i * m * k * bytes);
    tfjs.registerTensor(ids.b, k * n, from.b + i * k * n * bytes);
    tfjs.registerTensor(ids.out, m * n, from.out + i * m * n * bytes);
    multiply(ids.a, aShape, 3, ids.b, bShape, 3, 0, 0, ids.out);
    for (const id of Object.values(ids)) tfjs.disposeData(id);
  }
  return out;
}

const bytes = Float32Array.BYTES_PER_ELEMENT;
