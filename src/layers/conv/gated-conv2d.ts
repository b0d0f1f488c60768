import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";
import { paddingParam, windowSummary, windows } from "../window.ts";
import { biasParam, convolve, convolved, dilation2d, filtersParam, initParam, kernel2d, pair, stride2d } from "./common.ts";

/** Two convolutions of the same input, one through a sigmoid that says how much of the other passes (Yu et al. 2019). */
export const gatedConv2d = defineLayer({
  type: "gated-conv2d",
  title: "Gated convolution",
  family: "convolution",
  book: "10.6",
  aliases: ["gate", "inpainting", "pixelcnn", "glu"],
  params: z.object({
    filters: filtersParam,
    kernel: kernel2d,
    stride: stride2d,
    padding: paddingParam("same"),
    dilation: dilation2d,
    activation: choice(["linear", "relu", "tanh"], { help: "Of the features, before the gate." }),
    bias: biasParam,
    init: initParam,
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) =>
    convolved(x, { filters: p.filters, groups: 1 }, { size: pair(p.kernel), stride: pair(p.stride), dilation: pair(p.dilation), padding: p.padding }),
  weights({ x }, { kernel, filters, bias, init }) {
    const channels = x.shape.at(-1) as number;
    const [h, w] = pair(kernel);
    // Both kernels in one, features first; their fans are those of one.
    return {
      kernel: { shape: [h, w, channels, 2 * filters], init, fanIn: h * w * channels, fanOut: h * w * filters },
      bias: bias ? { shape: [2 * filters], init: "zeros" } : undefined,
    };
  },
  apply({ x }, { kernel, bias }, { stride, dilation, padding, activation }) {
    const both = convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, bias, { stride: pair(stride), dilation: pair(dilation), padding, groups: 1 });
    const [features, gate] = tf.split(both, 2, 3) as [tf.Tensor, tf.Tensor];
    const active = activation === "relu" ? tf.relu(features) : activation === "tanh" ? tf.tanh(features) : features;
    return { y: tf.mul(active, tf.sigmoid(gate)) };
  },
  cost({ x }, { y }, { kernel }) {
    const [h, w] = pair(kernel);
    return elementsPerExample(y.shape) * (2 * h * w * (x.shape.at(-1) as number) + 1);
  },
  window: ({ kernel, stride, dilation }) => windows(pair(kernel), pair(stride), pair(dilation)),
  summary: ({ filters, kernel, stride, dilation, padding }) =>
    `${filters} × ${pair(kernel).join("×")}${windowSummary(stride, dilation, padding, "same")}`,
  explain: {
    summary: "A convolution that learns where its own output counts.",
    equation: "\\mathbf{y} = f[\\mathbf{x} * \\boldsymbol\\omega] \\odot \\operatorname{sig}[\\mathbf{x} * \\boldsymbol\\gamma]",
  },
  examples: [
    { params: { filters: 3 }, inputs: { x: f32("batch", 5, 4, 2) } },
    { params: { filters: 2, kernel: [2, 3], stride: 2, padding: "valid", activation: "tanh", bias: false }, inputs: { x: f32("batch", 6, 7, 1) } },
  ],
});
