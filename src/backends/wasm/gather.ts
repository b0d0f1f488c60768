import { type GatherV2Attrs, getKernel, type KernelConfig, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { anyNumbers, copyRun } from "./blocks.ts";
import { defineKernel, size } from "./kernel.ts";

/** Rows of a table by their numbers, as every embedding looks them up: one copy a row. Batched look-ups are left to tfjs. */
export function rowGather(): KernelConfig {
  const stock = getKernel("GatherV2", "wasm");
  return defineKernel<"x" | "indices", GatherV2Attrs>("GatherV2", (inputs, attrs, backend) => {
    const { x, indices } = inputs;
    const [axis = 0] = util.parseAxisParam(attrs.axis, x.shape);
    if (attrs.batchDims !== 0) return stock.kernelFunc({ inputs: { ...inputs }, attrs: { ...attrs }, backend }) as TensorInfo;
    const rows = x.shape[axis] as number;
    const outer = size(x.shape.slice(0, axis));
    const length = size(x.shape.slice(axis + 1));
    for (const row of anyNumbers(backend, indices))
      if (row < 0 || row >= rows) throw new Error(`A table of ${rows} rows has no row ${row}: rows count from 0.`);
    const out = backend.makeOutput([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.dtype);
    const from = anyNumbers(backend, x);
    const to = anyNumbers(backend, out);
    const picked = anyNumbers(backend, indices);
    let target = 0;
    for (let i = 0; i < outer; i++)
      for (const row of picked) {
        copyRun(from, (i * rows + row) * length, to, target, length);
        target += length;
      }
    return out;
  });
}
