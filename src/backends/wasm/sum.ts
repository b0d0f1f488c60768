import { getKernel, type KernelConfig, type SumAttrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineKernel, floats, size, zeros } from "./kernel.ts";

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
    const from = floats(backend, x);
    const sums = new Float64Array(size(kept));
    for (let at = 0; at < from.length; ) for (let k = 0; k < sums.length; k++) sums[k] = (sums[k] as number) + (from[at++] as number);
    floats(backend, out).set(sums);
    return out;
  });
}
