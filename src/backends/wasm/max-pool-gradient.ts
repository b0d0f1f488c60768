import { backend_util, type MaxPoolGradAttrs } from "@tensorflow/tfjs-core";
import { defineKernel, floats, zeros } from "./kernel.ts";

/**
 * The gradient of maximum pooling: each window's dy goes to its first largest input.
 * tfjs's own kernel searches, for every input, all windows that see it; this one looks at every window once.
 */
export const maxPoolGradient = defineKernel<"dy" | "input", MaxPoolGradAttrs>(
  "MaxPoolGrad",
  ({ dy, input }, { filterSize, strides, pad, dimRoundingMode }, backend) => {
    const info = backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
    const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
    const out = zeros(backend, input.shape);
    const x = floats(backend, input);
    const gradient = floats(backend, dy);
    const dx = floats(backend, out);
    const rowStep = inWidth * channels;
    let result = 0;
    for (let n = 0; n < batchSize; n++)
      for (let p = 0; p < outHeight; p++) {
        const top = p * info.strideHeight - padInfo.top;
        const firstRow = Math.max(0, top);
        const endRow = Math.min(inHeight, top + filterHeight);
        for (let q = 0; q < outWidth; q++) {
          const left = q * info.strideWidth - padInfo.left;
          const firstColumn = Math.max(0, left);
          const columns = Math.min(inWidth, left + filterWidth) - firstColumn;
          const corner = ((n * inHeight + firstRow) * inWidth + firstColumn) * channels;
          for (let c = 0; c < channels; c++, result++) {
            let largest = Number.NEGATIVE_INFINITY;
            let place = -1;
            let rowStart = corner + c;
            for (let row = firstRow; row < endRow; row++, rowStart += rowStep) {
              let at = rowStart;
              for (let column = 0; column < columns; column++, at += channels) {
                const value = x[at] as number;
                if (value > largest) {
                  largest = value;
                  place = at;
                }
              }
            }
            if (place >= 0) dx[place] = (dx[place] as number) + (gradient[result] as number);
          }
        }
      }
    return out;
  },
);
