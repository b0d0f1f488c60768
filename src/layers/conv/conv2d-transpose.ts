import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, extent } from "../params.ts";
import { windowSummary } from "../window.ts";
import { biasParam, channelsOf, filtersParam, initParam, pair } from "./common.ts";

/** Keras's rule: same = n · stride; valid = n · stride + max(kernel − stride, 0), so that the forward convolution leads back. */
const grown = (n: number, kernel: number, stride: number, padding: "same" | "valid") =>
  n * stride + (padding === "valid" ? Math.max(kernel - stride, 0) : 0);

/** The transpose of a strided convolution: each input spreads over a kernel's extent; `[batch, h, w, in] → [batch, h·stride, w·stride, filters]`. */
export const conv2dTranspose = defineLayer({
  type: "conv2d-transpose",
  title: "Transposed convolution",
  family: "convolution",
  book: "10.4.2",
  aliases: ["deconvolution", "upsample", "upconvolution", "fractionally strided"],
  params: z.object({
    filters: filtersParam,
    kernel: extent({ axes: 2, max: 1000, default: 3, help: "Height and width over which each input spreads." }),
    stride: extent({ axes: 2, max: 1000, default: 2, help: "How many times larger the output is." }),
    padding: choice(["same", "valid"], { help: "Same: exactly stride times larger. Valid: room for the whole last kernel." }),
    bias: biasParam,
    init: initParam,
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { kernel, stride, padding, filters }) {
    const channels = channelsOf(x.shape);
    if (typeof channels !== "number") return channels;
    const [, h, w] = x.shape;
    if (typeof h !== "number" || typeof w !== "number")
      return problem("A spatial axis has no fixed size.", {
        port: "x",
        expected: "[batch, height, width, channels]",
        received: formatShape(x.shape),
      });
    const [kh, kw] = pair(kernel);
    const [sh, sw] = pair(stride);
    return { y: f32(x.shape[0] ?? "batch", grown(h, kh, sh, padding), grown(w, kw, sw, padding), filters) };
  },
  weights({ x }, { kernel, stride, filters, bias, init }) {
    const [kh, kw] = pair(kernel);
    const [sh, sw] = pair(stride);
    const channels = x.shape.at(-1) as number;
    return {
      // Kernels are [kh, kw, out, in]. With a stride only every sh·sw-th tap meets an input, so fewer terms are summed.
      kernel: {
        shape: [kh, kw, filters, channels],
        init,
        fanIn: Math.max(1, Math.round((kh * kw) / (sh * sw))) * channels,
        fanOut: kh * kw * filters,
      },
      bias: bias ? { shape: [filters], init: "zeros" } : undefined,
    };
  },
  apply({ x }, w, { stride, padding }) {
    const [batch, height, width] = x.shape as [number, number, number, number];
    const [kh, kw, filters] = w.kernel.shape as [number, number, number, number];
    const [sh, sw] = pair(stride);
    const shape: [number, number, number, number] = [batch, grown(height, kh, sh, padding), grown(width, kw, sw, padding), filters];
    const y = tf.conv2dTranspose(x as tf.Tensor4D, w.kernel as tf.Tensor4D, shape, [sh, sw], padding);
    return { y: w.bias ? tf.add(y, w.bias) : y };
  },
  cost: ({ x }, _y, { kernel, filters }) => elementsPerExample(x.shape) * pair(kernel)[0] * pair(kernel)[1] * filters,
  summary: ({ filters, kernel, stride, padding }) => `${filters} × ${pair(kernel).join("×")}${windowSummary(stride, 1, padding, "same")}`,
  explain: {
    summary: "Convolution run backwards: every input paints a kernel onto a larger image.",
    equation: "h_{ijc} = \\beta_c + \\sum_{s k + m = i,\\; s l + n = j}\\sum_{d} \\omega_{mncd}\\, x_{kld}",
  },
  examples: [
    { params: { filters: 2 }, inputs: { x: f32("batch", 3, 2, 3) } },
    { params: { filters: 3, kernel: [3, 2], stride: [2, 3], padding: "valid", bias: false }, inputs: { x: f32("batch", 2, 3, 2) } },
    { params: { filters: 2, kernel: 3, stride: 1 }, inputs: { x: f32("batch", 4, 3, 1) } },
  ],
});
