import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { extent, perAxis } from "../params.ts";
import { covered, paddingParam, windowSummary, windows } from "../window.ts";
import { biasParam, convolve, convolved, filtersParam, initParam } from "./common.ts";

type Triple = [number, number, number];
const triple = (value: number | readonly number[]) => perAxis(value, 3) as Triple;

/** One kernel a filter slides over depth, height and width: `[batch, d, h, w, in] → [batch, d′, h′, w′, filters]`. */
export const conv3d = defineLayer({
  type: "conv3d",
  title: "Convolution 3D",
  family: "convolution",
  book: "10.3",
  aliases: ["video", "volume", "voxels", "medical"],
  params: z.object({
    filters: filtersParam,
    kernel: extent({ axes: 3, max: 1000, default: 3, help: "Depth, height and width of each kernel." }),
    stride: extent({ axes: 3, max: 1000, default: 1, help: "Positions the kernel moves at a time; 2 halves the size." }),
    padding: paddingParam("same"),
    dilation: extent({ axes: 3, max: 1000, default: 1, help: "Distance between the kernel's taps; 2 leaves one gap between them." }),
    bias: biasParam,
    init: initParam,
  }),
  forRank: { 3: "conv1d", 4: "conv2d" },
  inputs: { x: { rank: 5, dtype: "float32", help: "Volumes or films: [batch, depth, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) =>
    convolved(
      x,
      { filters: p.filters, groups: 1 },
      { size: triple(p.kernel), stride: triple(p.stride), dilation: triple(p.dilation), padding: p.padding },
    ),
  weights({ x }, { kernel, filters, bias, init }) {
    return {
      kernel: { shape: [...triple(kernel), x.shape.at(-1) as number, filters], init },
      bias: bias ? { shape: [filters], init: "zeros" } : undefined,
    };
  },
  // A sum of convolutions of slices, one for each tap along the depth: they are quick on every backend, and have gradients.
  apply({ x }, { kernel, bias }, { stride, padding, dilation }) {
    const [strideD, strideH, strideW] = triple(stride);
    const [dilationD, dilationH, dilationW] = triple(dilation);
    const [taps = 1, kh = 1, kw = 1, channels = 1, filters = 1] = kernel.shape;
    const [batch = 1, depth = 1, height = 1, width = 1] = x.shape;
    const extent = covered(taps, dilationD);
    const out = padding === "same" ? Math.ceil(depth / strideD) : Math.floor((depth - extent) / strideD) + 1;
    const missing = padding === "same" ? Math.max(0, (out - 1) * strideD + extent - depth) : 0;
    const before = Math.floor(missing / 2);
    const slices = tf.reshape(x, [batch, depth, height * width * channels]);
    const padded =
      missing > 0
        ? tf.pad(slices, [
            [0, 0],
            [before, missing - before],
            [0, 0],
          ])
        : slices;
    const at = { stride: [strideH, strideW] as const, dilation: [dilationH, dilationW] as const, padding, groups: 1 };
    // Few axes: WebGPU pads no more than four, and slicing pads on the way back.
    const flat = tf.reshape(kernel, [taps, kh * kw * channels * filters]);
    const sums = Array.from({ length: taps }, (_, tap) => {
      const from = tap * dilationD;
      const chosen =
        strideD === 1
          ? tf.slice(padded, [0, from, 0], [batch, out, height * width * channels])
          : tf.gather(padded, tf.range(from, from + (out - 1) * strideD + 1, strideD, "int32"), 1);
      const filter = tf.reshape(tf.slice(flat, [tap, 0], [1, kh * kw * channels * filters]), [kh, kw, channels, filters]) as tf.Tensor4D;
      return convolve(tf.reshape(chosen, [batch * out, height, width, channels]), filter, undefined, at);
    });
    const [first] = sums as [tf.Tensor4D];
    const sum = sums.length === 1 ? first : tf.addN(sums);
    const y = bias ? tf.add(sum, bias) : sum;
    return { y: tf.reshape(y, [batch, out, ...y.shape.slice(1)]) };
  },
  cost({ x }, { y }, { kernel }) {
    return elementsPerExample(y.shape) * triple(kernel).reduce((a, b) => a * b) * (x.shape.at(-1) as number);
  },
  window: ({ kernel, stride, dilation }) => windows(triple(kernel), triple(stride), triple(dilation)),
  summary: ({ filters, kernel, stride, dilation, padding }) =>
    `${filters} × ${triple(kernel).join("×")}${windowSummary(stride, dilation, padding, "same")}`,
  explain: {
    summary: "The same small kernels applied at every position of a volume or a film.",
    equation: "h_{ijkc} = \\beta_c + \\sum_{l,m,n,d} \\omega_{lmndc}\\, x_{i+l,\\,j+m,\\,k+n,\\,d}",
  },
  examples: [
    { params: { filters: 3 }, inputs: { x: f5(4, 3, 4, 2) } },
    { params: { filters: 2, kernel: [2, 3, 2], stride: 2, padding: "valid", bias: false }, inputs: { x: f5(5, 5, 4, 1) } },
    { params: { filters: 2, kernel: [3, 1, 1], stride: [2, 1, 1] }, inputs: { x: f5(5, 2, 2, 1) } },
    { params: { filters: 1, kernel: 2, dilation: [2, 1, 2] }, inputs: { x: f5(4, 3, 4, 1) } },
  ],
});

function f5(depth: number, height: number, width: number, channels: number) {
  return { shape: ["batch", depth, height, width, channels], dtype: "float32" } as const;
}
