import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type BackendWasm, empty, size } from "./kernel.ts";
import { bytesPerNumber, matrixProduct } from "./matrix-call.ts";

/** [batch, m, k] × [batch, k, n], one matrix after the other over tfjs's fast path. */
export function multiplySlices(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const outer = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1) as number;
  const out = empty(backend, [...outer, m, n]);
  const multiply = matrixProduct(backend, m, k, n);
  const [fromA, fromB, to] = [a, b, out].map(({ dataId }) => backend.getMemoryOffset(dataId)) as [number, number, number];
  for (let i = 0; i < size(outer); i++)
    multiply(fromA + i * m * k * bytesPerNumber, fromB + i * k * n * bytesPerNumber, to + i * m * n * bytesPerNumber);
  return out;
}
