import { type BatchMatMulAttrs, getKernel, type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type BackendWasm, call, defineKernel, dispose, reshaped, size } from "./kernel.ts";
import { multiplySlices } from "./mat-mul-slices.ts";

/**
 * tfjs's matrix product has one fast path: two plain matrices, neither to be transposed. All else goes through loops that
 * are eight times slower, and the gradient of every dense layer and all of attention ask for it. So operands are
 * transposed first; a batch over one right-hand matrix becomes one tall matrix; other batches go matrix by matrix.
 */
export function fastMatMul(): KernelConfig {
  const stock = getKernel("BatchMatMul", "wasm");
  return defineKernel<"a" | "b", BatchMatMulAttrs>("BatchMatMul", (inputs, { transposeA, transposeB }, backend) => {
    const a = transposeA ? transposed(backend, inputs.a) : inputs.a;
    const b = transposeB ? transposed(backend, inputs.b) : inputs.b;
    const result = product(stock, backend, a, b);
    if (transposeA) dispose(backend, a);
    if (transposeB) dispose(backend, b);
    return result;
  });
}

/** The same for the product with bias and activation, whose batches nobody uses. */
export function fastFusedMatMul(): KernelConfig {
  const stock = getKernel("_FusedMatMul", "wasm");
  return defineKernel<"a" | "b", BatchMatMulAttrs>("_FusedMatMul", (inputs, attrs, backend) => {
    const { transposeA, transposeB } = attrs;
    const a = transposeA ? transposed(backend, inputs.a) : inputs.a;
    const b = transposeB ? transposed(backend, inputs.b) : inputs.b;
    const plain = { ...attrs, transposeA: false, transposeB: false };
    const result = stock.kernelFunc({ backend, inputs: { ...inputs, a, b }, attrs: plain });
    if (transposeA) dispose(backend, a);
    if (transposeB) dispose(backend, b);
    return result as TensorInfo;
  });
}

const untransposed = { transposeA: false, transposeB: false };

/** [batch, m, k] × [batch, k, n]. */
function product(stock: KernelConfig, backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const outer = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1) as number;
  const batchA = size(outer);
  const batchB = size(b.shape.slice(0, -2));
  const plain = (left: TensorInfo, right: TensorInfo) =>
    stock.kernelFunc({ backend, inputs: { a: left, b: right }, attrs: untransposed }) as TensorInfo;
  if (batchB === 1 && batchA > 1) {
    const tall = plain(reshaped(a, [1, batchA * m, k]), reshaped(b, [1, k, n]));
    const lead = b.shape.length > a.shape.length ? Array<number>(b.shape.length - a.shape.length).fill(1) : [];
    return { ...tall, shape: [...lead, ...outer, m, n] };
  }
  if (batchA > 1 && util.arraysEqual(outer, b.shape.slice(0, -2)) && m * k * n >= worthSlicing) return multiplySlices(backend, a, b);
  return plain(a, b);
}

/** Products of one matrix below which tfjs's loops are quicker than setting the fast path up. */
const worthSlicing = 8192;

/** The last two axes exchanged. */
function transposed(backend: BackendWasm, x: TensorInfo): TensorInfo {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const outer = x.shape.slice(0, -2);
  const flat = call(backend, "Transpose", { x: reshaped(x, [size(outer), rows, columns]) }, { perm: [0, 2, 1] });
  return { ...flat, shape: [...outer, columns, rows] };
}
