import type { backend_util, Conv2DBackpropFilterAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { convGeometry } from "./conv-geometry.ts";
import { type BackendWasm, defineKernel, dispose, empty, floats, zeros } from "./kernel.ts";
import { bytesPerNumber, matrixProduct } from "./matrix-call.ts";

/** Numbers in one block of patches: two megabytes, which the processor's cache holds. */
const blockSize = 512 * 1024;

/**
 * The gradient of a convolution by its filter: dΩ[i, j, c, k] = Σ_{n, y, x} input[n, y·s + i, x·s + j, c] · dy[n, y, x, k].
 * With one row for each tap (i, j, c) of the input numbers that it meets, that is the matrix product rows · dy. The rows
 * are laid out for as many examples as fit the cache, multiplied by tfjs's fast product, and added up.
 */
export const conv2dFilterGradient = defineKernel<"x" | "dy", Conv2DBackpropFilterAttrs>(
  "Conv2DBackpropFilter",
  ({ x, dy }, { strides, pad, dataFormat, dimRoundingMode, filterShape }, backend) => {
    const info = convGeometry({ inputShape: x.shape, filterShape, strides, pad, dataFormat, dimRoundingMode });
    const { batchSize, outChannels, outHeight, outWidth } = info;
    const out = zeros(backend, filterShape);
    const places = outHeight * outWidth;
    const taps = info.filterHeight * info.filterWidth * info.inChannels;
    if (batchSize * places * outChannels === 0) return out;
    const examples = Math.max(1, Math.min(batchSize, Math.floor(blockSize / (taps * places))));
    const rows = empty(backend, [taps, examples * places]);
    const share = empty(backend, filterShape);
    for (let first = 0; first < batchSize; first += examples) {
      const count = Math.min(examples, batchSize - first);
      layRows(backend, x, rows, info, first, count);
      const from = backend.getMemoryOffset(dy.dataId) + first * places * outChannels * bytesPerNumber;
      const multiply = matrixProduct(backend, taps, count * places, outChannels);
      multiply(backend.getMemoryOffset(rows.dataId), from, backend.getMemoryOffset(share.dataId));
      const sum = floats(backend, out);
      const part = floats(backend, share);
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
    }
    dispose(backend, rows, share);
    return out;
  },
);

/** rows[(i, j, c), (n, y, x)] = input[first + n, y·s + i, x·s + j, c], zero outside. */
function layRows(backend: BackendWasm, x: TensorInfo, rows: TensorInfo, info: backend_util.Conv2DInfo, first: number, count: number): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const from = floats(backend, x);
  const to = floats(backend, rows);
  const step = strideWidth * inChannels;
  let target = 0;
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++) {
      // Columns of the output whose tap falls inside the input: [start, end).
      const shift = j - padInfo.left;
      const start = Math.min(outWidth, Math.max(0, Math.ceil(-shift / strideWidth)));
      const end = Math.max(start, Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1));
      for (let c = 0; c < inChannels; c++)
        for (let n = first; n < first + count; n++)
          for (let y = 0; y < outHeight; y++) {
            const row = y * strideHeight + i - padInfo.top;
            if (row < 0 || row >= inHeight) {
              to.fill(0, target, target + outWidth);
              target += outWidth;
              continue;
            }
            for (let column = 0; column < start; column++) to[target++] = 0;
            let source = ((n * inHeight + row) * inWidth + start * strideWidth + shift) * inChannels + c;
            for (let column = start; column < end; column++, source += step) to[target++] = from[source] as number;
            for (let column = end; column < outWidth; column++) to[target++] = 0;
          }
    }
}
