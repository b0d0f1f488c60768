import type { UnsortedSegmentSumAttrs } from "@tensorflow/tfjs-core";
import { defineKernel, floats, size, zeros } from "./kernel.ts";

/**
 * out[s, …] = Σ of the rows x[r, …] with segmentIds[r] = s: the gradient of `gather`, hence of every embedding.
 * Rows whose id is out of range count nowhere. `segmentIds` has x's first axes.
 */
export const segmentSum = defineKernel<"x" | "segmentIds", UnsortedSegmentSumAttrs>(
  "UnsortedSegmentSum",
  ({ x, segmentIds }, { numSegments }, backend) => {
    const rest = x.shape.slice(segmentIds.shape.length);
    const width = size(rest);
    const out = zeros(backend, [numSegments, ...rest]);
    const from = floats(backend, x);
    const to = floats(backend, out);
    const ids = backend.typedArrayFromHeap(segmentIds);
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row] as number;
      if (id < 0 || id >= numSegments) continue;
      let source = row * width;
      let target = id * width;
      for (let k = 0; k < width; k++, source++, target++) to[target] = (to[target] as number) + (from[source] as number);
    }
    return out;
  },
);
