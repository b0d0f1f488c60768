import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem } from "../contract.ts";
import { extent, int } from "../params.ts";
import { paddingParam, slide, windowSummary, windows } from "../window.ts";
import { biasParam, channelsOf, filtersParam, initParam, pair } from "./common.ts";

/** A depthwise convolution, then a 1×1 convolution that mixes its channels: `[batch, h, w, in] → [batch, h′, w′, filters]`. */
export const separableConv2d = defineLayer({
  type: "separable-conv2d",
  title: "Separable convolution",
  family: "convolution",
  book: "10.6",
  aliases: ["depthwise separable", "mobilenet", "xception", "pointwise"],
  params: z.object({
    filters: filtersParam,
    kernel: extent({ axes: 2, max: 1000, default: 3, help: "Height and width of each channel's kernel." }),
    multiplier: int({ max: 1024, default: 1, help: "Kernels for each input channel, before they are mixed." }),
    stride: int({ max: 1000, default: 1, help: "Positions the kernel moves at a time, along both axes." }),
    padding: paddingParam("same"),
    bias: biasParam,
    init: initParam,
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, p) {
    const channels = channelsOf(x.shape);
    if (typeof channels !== "number") return channels;
    const sizes = slide(x.shape, { size: pair(p.kernel), stride: pair(p.stride), padding: p.padding, called: "kernel" });
    return isProblem(sizes) ? sizes : { y: f32(x.shape[0] ?? "batch", ...sizes, p.filters) };
  },
  weights({ x }, { kernel, multiplier, filters, bias, init }) {
    const [h, w] = pair(kernel);
    const channels = x.shape.at(-1) as number;
    return {
      depthwise: { shape: [h, w, channels, multiplier], init, fanIn: h * w, fanOut: h * w * multiplier },
      pointwise: { shape: [1, 1, channels * multiplier, filters], init },
      bias: bias ? { shape: [filters], init: "zeros" } : undefined,
    };
  },
  apply({ x }, { depthwise, pointwise, bias }, { stride, padding }) {
    const each = tf.depthwiseConv2d(x as tf.Tensor4D, depthwise as tf.Tensor4D, stride, padding);
    const filter = pointwise as tf.Tensor4D;
    if (!bias) return { y: tf.conv2d(each, filter, 1, "valid") };
    return { y: tf.fused.conv2d({ x: each, filter, strides: 1, pad: "valid", bias: bias as tf.Tensor1D }) };
  },
  cost({ x }, { y }, { kernel, multiplier, filters }) {
    const [h, w] = pair(kernel);
    const middle = (elementsPerExample(y.shape) / filters) * (x.shape.at(-1) as number) * multiplier;
    return middle * (h * w + filters);
  },
  window: ({ kernel, stride }) => windows(pair(kernel), pair(stride)),
  summary: ({ filters, kernel, stride, padding }) => `${filters} × ${pair(kernel).join("×")}${windowSummary(stride, 1, padding, "same")}`,
  explain: {
    summary: "First each channel by itself, then all channels at each place: far fewer weights than one convolution.",
    equation: "h_{ijc} = \\beta_c + \\sum_d \\pi_{dc} \\sum_{m,n} \\omega_{mnd}\\, x_{i+m,\\,j+n,\\,d}",
  },
  examples: [
    { params: { filters: 4 }, inputs: { x: f32("batch", 5, 4, 3) } },
    { params: { filters: 2, kernel: [2, 3], multiplier: 2, stride: 2, padding: "valid", bias: false }, inputs: { x: f32("batch", 6, 7, 2) } },
  ],
});
