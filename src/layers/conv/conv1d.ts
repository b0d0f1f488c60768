import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { gainParam, int } from "../params.ts";
import { paddingParam, windowSummary, windows } from "../window.ts";
import { biasParam, convolve, convolved, filtersParam, groupsParam, initParam } from "./common.ts";

/** One kernel a filter slides along a signal: `[batch, length, in] → [batch, length′, filters]`. Runs as an image of height 1. */
export const conv1d = defineLayer({
  type: "conv1d",
  title: "Convolution 1D",
  family: "convolution",
  book: "10.2",
  aliases: ["cnn", "conv", "filter", "signal", "sequence", "temporal"],
  params: z.object({
    filters: filtersParam,
    kernel: int({ max: 10_000, default: 3, help: "Length of each kernel." }),
    stride: int({ max: 10_000, default: 1, help: "Positions the kernel moves at a time; 2 halves the length." }),
    padding: paddingParam("same"),
    dilation: int({ max: 10_000, default: 1, help: "Distance between the kernel's taps; 2 leaves one gap between them." }),
    groups: groupsParam,
    bias: biasParam,
    init: initParam,
    gain: gainParam,
  }),
  forRank: { 4: "conv2d" },
  inputs: { x: { rank: 3, dtype: "float32", help: "Signals: [batch, length, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) => convolved(x, p, { size: [p.kernel], stride: [p.stride], dilation: [p.dilation], padding: p.padding }),
  weights({ x }, { kernel, filters, groups, bias, init, gain }) {
    const channels = x.shape.at(-1) as number;
    return { kernel: { shape: [kernel, channels / groups, filters], init, gain }, bias: bias ? { shape: [filters], init: "zeros" } : undefined };
  },
  apply({ x }, w, { stride, dilation, padding, groups }) {
    const [batch, length, channels] = x.shape as [number, number, number];
    const [taps, each, filters] = w.kernel.shape as [number, number, number];
    const y = convolve(tf.reshape(x, [batch, 1, length, channels]), tf.reshape(w.kernel, [1, taps, each, filters]), w.bias, {
      stride: [1, stride],
      dilation: [1, dilation],
      padding,
      groups,
    });
    return { y: tf.reshape(y, [batch, y.shape[2], filters]) };
  },
  cost: ({ x }, { y }, { kernel, groups }) => elementsPerExample(y.shape) * kernel * ((x.shape.at(-1) as number) / groups),
  window: ({ kernel, stride, dilation }) => windows([kernel], [stride], [dilation]),
  summary: ({ filters, kernel, stride, dilation, padding, groups }) =>
    `${filters} × ${kernel}${windowSummary(stride, dilation, padding, "same")}${groups > 1 ? ` · ${groups} groups` : ""}`,
  explain: {
    summary: "The same short kernels applied at every position of a signal.",
    equation: "h_{ic} = \\beta_c + \\sum_{m,d} \\omega_{mdc}\\, x_{i+m,\\,d}",
  },
  examples: [
    { params: { filters: 3 }, inputs: { x: f32("batch", 7, 2) } },
    { params: { filters: 15, stride: 2, padding: "valid" }, inputs: { x: f32("batch", 10, 1) } },
    { params: { filters: 2, kernel: 3, dilation: 2, bias: false }, inputs: { x: f32("batch", 8, 2) } },
    { params: { filters: 4, kernel: 2, groups: 2 }, inputs: { x: f32("batch", 6, 4) } },
  ],
});
