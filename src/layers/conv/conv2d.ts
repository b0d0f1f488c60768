import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { gainParam } from "../params.ts";
import { paddingParam, windowSummary, windows } from "../window.ts";
import { biasParam, convolve, convolved, dilation2d, filtersParam, groupsParam, initParam, kernel2d, pair, stride2d } from "./common.ts";

/** One kernel a filter slides over height and width: `[batch, h, w, in] → [batch, h′, w′, filters]`. */
export const conv2d = defineLayer({
  type: "conv2d",
  title: "Convolution 2D",
  family: "convolution",
  book: "10.3",
  aliases: ["cnn", "conv", "filter", "image"],
  params: z.object({
    filters: filtersParam,
    kernel: kernel2d,
    stride: stride2d,
    padding: paddingParam("same"),
    dilation: dilation2d,
    groups: groupsParam,
    bias: biasParam,
    init: initParam,
    gain: gainParam,
  }),
  forRank: { 3: "conv1d" },
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) => convolved(x, p, { size: pair(p.kernel), stride: pair(p.stride), dilation: pair(p.dilation), padding: p.padding }),
  weights({ x }, { kernel, filters, groups, bias, init, gain }) {
    const channels = x.shape.at(-1) as number;
    return {
      kernel: { shape: [...pair(kernel), channels / groups, filters], init, gain },
      bias: bias ? { shape: [filters], init: "zeros" } : undefined,
    };
  },
  apply({ x }, w, { stride, dilation, padding, groups }) {
    return { y: convolve(x as Tensor4D, w.kernel as Tensor4D, w.bias, { stride: pair(stride), dilation: pair(dilation), padding, groups }) };
  },
  cost({ x }, { y }, { kernel, groups }) {
    const [h, w] = pair(kernel);
    return elementsPerExample(y.shape) * h * w * ((x.shape.at(-1) as number) / groups);
  },
  window: ({ kernel, stride, dilation }) => windows(pair(kernel), pair(stride), pair(dilation)),
  summary: ({ filters, kernel, stride, dilation, padding, groups }) =>
    `${filters} × ${pair(kernel).join("×")}${windowSummary(stride, dilation, padding, "same")}${groups > 1 ? ` · ${groups} groups` : ""}`,
  explain: {
    summary: "The same small kernels applied at every position of an image.",
    equation: "h_{ijc} = \\beta_c + \\sum_{m,n,d} \\omega_{mndc}\\, x_{i+m,\\,j+n,\\,d}",
  },
  examples: [
    { params: { filters: 4 }, inputs: { x: f32("batch", 6, 5, 2) } },
    { params: { filters: 3, kernel: [2, 3], stride: 2, padding: "valid", bias: false }, inputs: { x: f32("batch", 7, 6, 1) } },
    { params: { filters: 2, kernel: 3, stride: [2, 1] }, inputs: { x: f32("batch", 5, 4, 2) } },
    { params: { filters: 2, kernel: 3, dilation: 2 }, inputs: { x: f32("batch", 6, 7, 2) } },
    { params: { filters: 4, groups: 2, stride: 2 }, inputs: { x: f32("batch", 5, 5, 4) } },
  ],
});
