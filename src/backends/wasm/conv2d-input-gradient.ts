import type { Conv2DBackpropInputAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { convGeometry, explicitPad } from "./conv-geometry.ts";
import { type BackendWasm, call, defineKernel, dispose, empty, floats, zeros } from "./kernel.ts";

/**
 * The gradient of a convolution by its input, which is also the transposed convolution's forward pass:
 * dx[n, y·s + i, x·s + j, c] += Σ_k dy[n, y, x, k] · Ω[i, j, c, k].
 * At stride 1 this is the convolution of dy with the filter turned by 180°; else one matrix product gives every
 * tap's share, and a loop adds the shares up where they belong.
 */
export const conv2dInputGradient = defineKernel<"dy" | "filter", Conv2DBackpropInputAttrs>(
  "Conv2DBackpropInput",
  ({ dy, filter }, { strides, pad, dataFormat, dimRoundingMode, inputShape }, backend) => {
    const info = convGeometry({ inputShape, filterShape: filter.shape, strides, pad, dataFormat, dimRoundingMode });
    const { strideHeight, strideWidth, filterHeight, filterWidth } = info;
    const top = filterHeight - 1 - info.padInfo.top;
    const left = filterWidth - 1 - info.padInfo.left;
    const bottom = info.inHeight - info.outHeight + filterHeight - 1 - top;
    const right = info.inWidth - info.outWidth + filterWidth - 1 - left;
    if (strideHeight !== 1 || strideWidth !== 1 || Math.min(top, bottom, left, right) < 0) return scattered(backend, dy, filter, info);
    const turned = turnedFilter(backend, filter);
    const result = call(
      backend,
      "Conv2D",
      { x: dy, filter: turned },
      { strides: [1, 1], dilations: [1, 1], pad: explicitPad(top, bottom, left, right), dataFormat: "NHWC" },
    );
    dispose(backend, turned);
    return result;
  },
);

/** Ω[i, j, c, k] → Ω[I−1−i, J−1−j, k, c]. */
function turnedFilter(backend: BackendWasm, filter: TensorInfo): TensorInfo {
  const [height, width, c, k] = filter.shape as [number, number, number, number];
  const out = empty(backend, [height, width, k, c]);
  const from = floats(backend, filter);
  const to = floats(backend, out);
  const taps = height * width;
  for (let tap = 0; tap < taps; tap++) {
    const start = (taps - 1 - tap) * k * c;
    let source = tap * c * k;
    for (let channel = 0; channel < c; channel++)
      for (let unit = 0; unit < k; unit++, source++) to[start + unit * c + channel] = from[source] as number;
  }
  return out;
}

function scattered(backend: BackendWasm, dy: TensorInfo, filter: TensorInfo, info: ReturnType<typeof convGeometry>): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels: c, outHeight, outWidth, outChannels: k } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const taps = filterHeight * filterWidth;
  const rows = batchSize * outHeight * outWidth;
  const filterRows = call(backend, "Transpose", { x: { ...filter, shape: [taps * c, k] } }, { perm: [1, 0] });
  const shares = call(
    backend,
    "BatchMatMul",
    { a: { ...dy, shape: [1, rows, k] }, b: { ...filterRows, shape: [1, k, taps * c] } },
    { transposeA: false, transposeB: false },
  );
  dispose(backend, filterRows);
  const out = zeros(backend, info.inShape);
  const from = floats(backend, shares);
  const to = floats(backend, out);
  let source = 0;
  for (let n = 0; n < batchSize; n++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        for (let i = 0; i < filterHeight; i++) {
          const row = y * strideHeight + i - info.padInfo.top;
          if (row < 0 || row >= inHeight) {
            source += filterWidth * c;
            continue;
          }
          for (let j = 0; j < filterWidth; j++) {
            const column = x * strideWidth + j - info.padInfo.left;
            if (column < 0 || column >= inWidth) {
              source += c;
              continue;
            }
            let target = ((n * inHeight + row) * inWidth + column) * c;
            for (let channel = 0; channel < c; channel++, source++, target++) to[target] = (to[target] as number) + (from[source] as number);
          }
        }
  dispose(backend, shares);
  return out;
}
