import { backend_util, type MaxPoolGradAttrs } from "@tensorflow/tfjs-core";
import { defineKernel, floats, zeros } from "./kernel.ts";

/**
 * The gradient of maximum pooling: each window's dy goes to its first largest input.
 * tfjs's own kernel searches, for every input, all windows that see it; this one looks at every window once,
 * all channels side by side as they lie in memory.
 */
export const maxPoolGradient = defineKernel<"dy" | "input", MaxPoolGradAttrs>(
  "MaxPoolGrad",
  ({ dy, input }, { filterSize, strides, pad, dimRoundingMode }, backend) => {
    const info = backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
    const out = zeros(backend, input.shape);
    const views = { x: floats(backend, input), dy: floats(backend, dy), dx: floats(backend, out) };
    const { filterHeight, filterWidth, padInfo } = info;
    const isPair = filterHeight === 2 && filterWidth === 2 && padInfo.top + padInfo.bottom + padInfo.left + padInfo.right === 0;
    if (isPair) fourInputs(info, views);
    else anyWindow(info, views);
    return out;
  },
);

interface Views {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly dx: Float32Array;
}

/** Windows of 2 × 2 inside the input: what almost every network has. */
function fourInputs(info: backend_util.Conv2DInfo, { x, dy, dx }: Views): void {
  const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth, strideHeight, strideWidth } = info;
  let result = 0;
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++) {
        const corner = ((n * inHeight + p * strideHeight) * inWidth + q * strideWidth) * channels;
        for (let c = 0; c < channels; c++, result++) {
          const first = corner + c;
          const below = first + inWidth * channels;
          let place = first;
          let largest = x[first] as number;
          let value = x[first + channels] as number;
          if (value > largest) {
            largest = value;
            place = first + channels;
          }
          value = x[below] as number;
          if (value > largest) {
            largest = value;
            place = below;
          }
          if ((x[below + channels] as number) > largest) place = below + channels;
          dx[place] = (dx[place] as number) + (dy[result] as number);
        }
      }
}

function anyWindow(info: backend_util.Conv2DInfo, { x, dy, dx }: Views): void {
  const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  const largest = new Float32Array(channels);
  const place = new Int32Array(channels);
  let result = 0;
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++) {
      const top = p * info.strideHeight - padInfo.top;
      const endRow = Math.min(inHeight, top + filterHeight);
      for (let q = 0; q < outWidth; q++) {
        const left = q * info.strideWidth - padInfo.left;
        const endColumn = Math.min(inWidth, left + filterWidth);
        largest.fill(Number.NEGATIVE_INFINITY);
        place.fill(-1);
        for (let row = Math.max(0, top); row < endRow; row++)
          for (let column = Math.max(0, left); column < endColumn; column++) {
            const start = ((n * inHeight + row) * inWidth + column) * channels;
            for (let c = 0; c < channels; c++) {
              const value = x[start + c] as number;
              if (value > (largest[c] as number)) {
                largest[c] = value;
                place[c] = start + c;
              }
            }
          }
        for (let c = 0; c < channels; c++, result++) {
          const at = place[c] as number;
          if (at >= 0) dx[at] = (dx[at] as number) + (dy[result] as number);
        }
      }
    }
}
