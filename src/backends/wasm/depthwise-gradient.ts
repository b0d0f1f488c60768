import type { backend_util, DepthwiseConv2dNativeBackpropFilterAttrs, DepthwiseConv2dNativeBackpropInputAttrs } from "@tensorflow/tfjs-core";
import { convGeometry } from "./conv-geometry.ts";
import { defineKernel, floats, zeros } from "./kernel.ts";

/**
 * Gradients of the depthwise convolution y[n, p, q, c·m + μ] = Σ_{i, j} x[n, p·s + i·d, q·s + j·d, c] · Ω[i, j, c, μ],
 * by one loop over every product of the forward pass.
 */

export const depthwiseFilterGradient = defineKernel<"x" | "dy", DepthwiseConv2dNativeBackpropFilterAttrs>(
  "DepthwiseConv2dNativeBackpropFilter",
  ({ x, dy }, { strides, dilations, pad, dimRoundingMode, filterShape }, backend) => {
    const info = convGeometry({ inputShape: x.shape, filterShape, strides, dilations, pad, dimRoundingMode, depthwise: true });
    const out = zeros(backend, filterShape);
    const input = floats(backend, x);
    const gradient = floats(backend, dy);
    const sum = floats(backend, out);
    const { inChannels, multiplier } = sizes(info);
    forEachTap(info, (at, result, tap) => {
      let k = result;
      let weight = tap;
      for (let c = 0; c < inChannels; c++) {
        const value = input[at + c] as number;
        for (let m = 0; m < multiplier; m++) sum[weight] = (sum[weight++] as number) + value * (gradient[k++] as number);
      }
    });
    return out;
  },
);

export const depthwiseInputGradient = defineKernel<"dy" | "filter", DepthwiseConv2dNativeBackpropInputAttrs>(
  "DepthwiseConv2dNativeBackpropInput",
  ({ dy, filter }, { strides, dilations, pad, dimRoundingMode, inputShape }, backend) => {
    const info = convGeometry({ inputShape, filterShape: filter.shape, strides, dilations, pad, dimRoundingMode, depthwise: true });
    const out = zeros(backend, inputShape);
    const weights = floats(backend, filter);
    const gradient = floats(backend, dy);
    const sum = floats(backend, out);
    const { inChannels, multiplier } = sizes(info);
    forEachTap(info, (at, result, tap) => {
      let k = result;
      let weight = tap;
      for (let c = 0; c < inChannels; c++) {
        let value = 0;
        for (let m = 0; m < multiplier; m++) value += (weights[weight++] as number) * (gradient[k++] as number);
        sum[at + c] = (sum[at + c] as number) + value;
      }
    });
    return out;
  },
);

const sizes = (info: backend_util.Conv2DInfo) => ({ inChannels: info.inChannels, multiplier: info.outChannels / info.inChannels });

/** Calls with the places of the first channel in input, output and filter, for every tap that falls inside the input. */
function forEachTap(info: backend_util.Conv2DInfo, visit: (input: number, output: number, filter: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, padInfo } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  for (let n = 0; n < batchSize; n++)
    for (let p = 0; p < outHeight; p++)
      for (let i = 0; i < filterHeight; i++) {
        const row = p * strideHeight + i * dilationHeight - padInfo.top;
        if (row < 0 || row >= inHeight) continue;
        for (let q = 0; q < outWidth; q++)
          for (let j = 0; j < filterWidth; j++) {
            const column = q * strideWidth + j * dilationWidth - padInfo.left;
            if (column < 0 || column >= inWidth) continue;
            visit(
              ((n * inHeight + row) * inWidth + column) * inChannels,
              ((n * outHeight + p) * outWidth + q) * outChannels,
              (i * filterWidth + j) * outChannels,
            );
          }
      }
}
