import { getKernel, type KernelConfig, type SumAttrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineKernel, floats, size, zeros } from "./kernel.ts";

/** Numbers that stay in the processor's nearest cache while several columns of them are summed. */
const cached = 4096;

/**
 * Sums over the first axes, as in the gradient of every bias. tfjs's kernel transposes the whole tensor to have these
 * axes last; adding row upon row needs no copy. Any other sum is left to tfjs.
 */
export function rowWiseSum(): KernelConfig {
  const stock = getKernel("Sum", "wasm");
  return defineKernel<"x", SumAttrs>("Sum", ({ x }, attrs, backend) => {
    const axes = util.parseAxisParam(attrs.axis, x.shape);
    const isLeading = axes.length < x.shape.length && [...axes].sort((a, b) => a - b).every((axis, i) => axis === i);
    if (!isLeading || x.dtype !== "float32") return stock.kernelFunc({ inputs: { x }, attrs: { ...attrs }, backend }) as TensorInfo;
    const kept = x.shape.slice(axes.length);
    const out = zeros(backend, attrs.keepDims ? [...axes.map(() => 1), ...kept] : kept);
    floats(backend, out).set(columnSums(floats(backend, x), size(kept)));
    return out;
  });
}

/** Four columns at a time, so that their sums stay in registers; block of rows by block of rows, so that these stay in the cache. */
function columnSums(x: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  const step = Math.max(1, Math.floor(cached / columns)) * columns;
  for (let block = 0; block < x.length; block += step) {
    const end = Math.min(x.length, block + step);
    let column = 0;
    for (; column + 3 < columns; column += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = block + column; i < end; i += columns) {
        a += x[i] as number;
        b += x[i + 1] as number;
        c += x[i + 2] as number;
        d += x[i + 3] as number;
      }
      sums[column] = (sums[column] as number) + a;
      sums[column + 1] = (sums[column + 1] as number) + b;
      sums[column + 2] = (sums[column + 2] as number) + c;
      sums[column + 3] = (sums[column + 3] as number) + d;
    }
    for (; column < columns; column++) {
      let a = 0;
      for (let i = block + column; i < end; i += columns) a += x[i] as number;
      sums[column] = (sums[column] as number) + a;
    }
  }
  return sums;
}
