import type { Conv2DBackpropFilterAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { convGeometry, explicitPad } from "./conv-geometry.ts";
import { type BackendWasm, call, defineKernel, dispose, empty, floats, zeros } from "./kernel.ts";

/**
 * The gradient of a convolution by its filter: dΩ[i, j, c, k] = Σ_{n, y, x} input[n, y·s + i, x·s + j, c] · dy[n, y, x, k].
 * That is a convolution again, with the roles turned: channels are the examples, examples the channels, the output's
 * gradient is the filter, and the stride is its dilation. So the library's fast forward kernel does the work.
 */
export const conv2dFilterGradient = defineKernel<"x" | "dy", Conv2DBackpropFilterAttrs>(
  "Conv2DBackpropFilter",
  ({ x, dy }, { strides, pad, dataFormat, dimRoundingMode, filterShape }, backend) => {
    const info = convGeometry({ inputShape: x.shape, filterShape, strides, pad, dataFormat, dimRoundingMode });
    const { batchSize, inChannels, outChannels, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth } = info;
    const { top, left } = info.padInfo;
    // Input rows and columns that some filter tap has seen; the last ones may have been skipped by the stride.
    const seenHeight = (outHeight - 1) * strideHeight + filterHeight - top;
    const seenWidth = (outWidth - 1) * strideWidth + filterWidth - left;
    const height = Math.min(info.inHeight, seenHeight);
    const width = Math.min(info.inWidth, seenWidth);
    // Every window lies in the padding, or there is no example.
    if (height <= 0 || width <= 0 || batchSize === 0) return zeros(backend, filterShape);
    const turned = examplesLast(backend, x, height, width);
    const filter = examplesThird(backend, dy);
    const gradient = call(
      backend,
      "Conv2D",
      { x: turned, filter },
      {
        strides: [1, 1],
        dilations: [strideHeight, strideWidth],
        pad: explicitPad(top, seenHeight - height, left, seenWidth - width),
        dataFormat: "NHWC",
      },
    );
    dispose(backend, turned, filter);
    const result = channelsThird(backend, gradient, [filterHeight, filterWidth, inChannels, outChannels]);
    dispose(backend, gradient);
    return result;
  },
);

/** [n, h, w, c] → [c, h, w, n], cut to the first rows and columns. */
function examplesLast(backend: BackendWasm, x: TensorInfo, height: number, width: number): TensorInfo {
  const [n, fullHeight, fullWidth, c] = x.shape as [number, number, number, number];
  if (height === fullHeight && width === fullWidth && (n === 1 || c === 1)) {
    const flat = call(backend, "Transpose", { x: { ...x, shape: [n, height * width, c] } }, { perm: [2, 1, 0] });
    return { ...flat, shape: [c, height, width, n] };
  }
  const out = empty(backend, [c, height, width, n]);
  const from = floats(backend, x);
  const to = floats(backend, out);
  const plane = height * width * n;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let example = 0; example < n; example++) {
        let source = ((example * fullHeight + row) * fullWidth + column) * c;
        let target = (row * width + column) * n + example;
        for (let channel = 0; channel < c; channel++, source++, target += plane) to[target] = from[source] as number;
      }
  return out;
}

/** [n, h, w, k] → [h, w, n, k]. */
function examplesThird(backend: BackendWasm, dy: TensorInfo): TensorInfo {
  const [n, height, width, k] = dy.shape as [number, number, number, number];
  const flat = call(backend, "Transpose", { x: { ...dy, shape: [n, height * width, k] } }, { perm: [1, 0, 2] });
  return { ...flat, shape: [height, width, n, k] };
}

/** [c, i, j, k] → [i, j, c, k]. */
function channelsThird(backend: BackendWasm, gradient: TensorInfo, shape: [number, number, number, number]): TensorInfo {
  const [i, j, c, k] = shape;
  const flat = call(backend, "Transpose", { x: { ...gradient, shape: [c, i * j, k] } }, { perm: [1, 0, 2] });
  return { ...flat, shape };
}
