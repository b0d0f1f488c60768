import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem } from "../contract.ts";
import { int } from "../params.ts";
import { paddingParam, slide, windowSummary, windows } from "../window.ts";
import { biasParam, channelsOf, dilation2d, initParam, kernel2d, pair, spread } from "./common.ts";

/** Kernels of its own for each channel, channels never mixed: `[batch, h, w, in] → [batch, h′, w′, in · multiplier]`. */
export const depthwiseConv2d = defineLayer({
  type: "depthwise-conv2d",
  title: "Depthwise convolution",
  family: "convolution",
  book: "10.4.3",
  aliases: ["separable", "mobilenet", "depthwise"],
  params: z.object({
    multiplier: int({ max: 1024, default: 1, help: "Kernels, and so output channels, for each input channel." }),
    kernel: kernel2d,
    stride: int({ max: 1000, default: 1, help: "Positions the kernel moves at a time, along both axes." }),
    padding: paddingParam("same"),
    dilation: dilation2d,
    bias: biasParam,
    init: initParam,
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, p) {
    const channels = channelsOf(x.shape);
    if (typeof channels !== "number") return channels;
    const sizes = slide(x.shape, { size: pair(p.kernel), stride: pair(p.stride), dilation: pair(p.dilation), padding: p.padding, called: "kernel" });
    if (isProblem(sizes)) return sizes;
    return { y: f32(x.shape[0] ?? "batch", ...sizes, channels * p.multiplier) };
  },
  weights({ x }, { kernel, multiplier, bias, init }) {
    const [h, w] = pair(kernel);
    const channels = x.shape.at(-1) as number;
    return {
      // Each output sees h·w inputs, each input reaches h·w·multiplier outputs: Keras's rule would count all channels.
      kernel: { shape: [h, w, channels, multiplier], init, fanIn: h * w, fanOut: h * w * multiplier },
      bias: bias ? { shape: [channels * multiplier], init: "zeros" } : undefined,
    };
  },
  apply({ x }, w, { stride, dilation, padding }) {
    const kernel = spread(w.kernel as tf.Tensor4D, pair(dilation));
    const y = tf.depthwiseConv2d(x as tf.Tensor4D, kernel, stride, padding);
    return { y: w.bias ? tf.add(y, w.bias) : y };
  },
  cost: (_x, { y }, { kernel }) => elementsPerExample(y.shape) * pair(kernel)[0] * pair(kernel)[1],
  window: ({ kernel, stride, dilation }) => windows(pair(kernel), pair(stride), pair(dilation)),
  summary: ({ multiplier, kernel, stride, dilation, padding }) =>
    `${multiplier > 1 ? `${multiplier} × ` : ""}${pair(kernel).join("×")}${windowSummary(stride, dilation, padding, "same")}`,
  explain: {
    summary: "A kernel of its own for every channel; a 1×1 convolution after it mixes them.",
    equation: "h_{ijc} = \\beta_c + \\sum_{m,n} \\omega_{mnc}\\, x_{i+m,\\,j+n,\\,c}",
  },
  examples: [
    { inputs: { x: f32("batch", 5, 4, 3) } },
    { params: { multiplier: 2, kernel: [2, 3], stride: 2, padding: "valid", bias: false }, inputs: { x: f32("batch", 6, 7, 2) } },
    { params: { kernel: 2, dilation: 2 }, inputs: { x: f32("batch", 5, 5, 2) } },
  ],
});
