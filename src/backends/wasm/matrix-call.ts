import type { BackendWasm } from "./kernel.ts";

/** What Emscripten adds to tfjs's compiled module. */
interface Emscripten {
  cwrap(name: string, result: null, args: readonly string[]): (...args: unknown[]) => void;
}

/** Names under which the operands are known to the compiled code; tfjs counts its own tensors up from 1. */
const ids = { a: 2 ** 31 - 3, b: 2 ** 31 - 2, out: 2 ** 31 - 1 } as const;

const argumentTypes = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
const wrapped = new WeakMap<object, (...args: unknown[]) => void>();

/** Multiplies `[m, k]` at one address of the heap by `[k, n]` at another into a third. */
export type Multiply = (a: number, b: number, out: number) => void;

/**
 * tfjs's fast matrix product over plain addresses, so that parts of tensors can be multiplied without a copy: each operand
 * is a tensor of the compiled code for one product only.
 */
export function matrixProduct(backend: BackendWasm, m: number, k: number, n: number): Multiply {
  const module = backend.wasm as typeof backend.wasm & Emscripten;
  const multiply = wrapped.get(module) ?? module.cwrap("BatchMatMul", null, argumentTypes);
  wrapped.set(module, multiply);
  const aShape = new Uint8Array(Int32Array.of(1, m, k).buffer);
  const bShape = new Uint8Array(Int32Array.of(1, k, n).buffer);
  const { tfjs } = module;
  return (a, b, out) => {
    tfjs.registerTensor(ids.a, m * k, a);
    tfjs.registerTensor(ids.b, k * n, b);
    tfjs.registerTensor(ids.out, m * n, out);
    multiply(ids.a, aShape, 3, ids.b, bShape, 3, 0, 0, ids.out);
    for (const id of Object.values(ids)) tfjs.disposeData(id);
  };
}

export const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;
