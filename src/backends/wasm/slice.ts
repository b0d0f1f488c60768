import { backend_util, type SliceAttrs, type SplitVAttrs, slice_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { anyNumbers, copyRun } from "./blocks.ts";
import { type BackendWasm, defineKernel, size } from "./kernel.ts";

/** Parts of a tensor, run by run instead of number by number. */

export const runSlice = defineKernel<"x", SliceAttrs>("Slice", ({ x }, { begin, size: sizes }, backend) => {
  const [start, extent] = slice_util.parseSliceParams(x, begin, sizes) as [number[], number[]];
  return part(backend, x, start, extent);
});

export const runSplit = defineKernel<"x", SplitVAttrs>("SplitV", ({ x }, { numOrSizeSplits, axis }, backend) => {
  const along = axis < 0 ? axis + x.shape.length : axis;
  const begin = x.shape.map(() => 0);
  return backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((length) => {
    const extent = x.shape.map((full, i) => (i === along ? length : full));
    const piece = part(backend, x, begin, extent);
    begin[along] = (begin[along] as number) + length;
    return piece;
  });
});

function part(backend: BackendWasm, x: TensorInfo, begin: readonly number[], extent: readonly number[]): TensorInfo {
  const out = backend.makeOutput([...extent], x.dtype);
  const from = anyNumbers(backend, x);
  const to = anyNumbers(backend, out);
  // The last axes that are taken whole lie side by side, and so does what is taken of the axis before them.
  let axis = x.shape.length - 1;
  while (axis > 0 && extent[axis] === x.shape[axis]) axis--;
  const inner = size(x.shape.slice(axis + 1));
  const run = (extent[axis] ?? 1) * inner;
  const outer = extent.slice(0, Math.max(axis, 0));
  const strides = outer.map((_, i) => size(x.shape.slice(i + 1)));
  const place = outer.map(() => 0);
  const first = (begin[axis] ?? 0) * inner;
  const runs = run === 0 ? 0 : to.length / run;
  for (let i = 0; i < runs; i++) {
    let source = first;
    for (let d = 0; d < outer.length; d++) source += ((begin[d] as number) + (place[d] as number)) * (strides[d] as number);
    copyRun(from, source, to, i * run, run);
    for (let d = outer.length - 1; d >= 0; d--) {
      place[d] = (place[d] as number) + 1;
      if ((place[d] as number) < (outer[d] as number)) break;
      place[d] = 0;
    }
  }
  return out;
}
