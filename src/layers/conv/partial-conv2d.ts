import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { paddingParam, windowSummary, windows } from "../window.ts";
import { biasParam, convolved, filtersParam, initParam, kernel2d, pair, stride2d } from "./common.ts";

/**
 * A convolution that counts only the pixels a mask has, scaled up by how few they are; where it had any, the next mask has one
 * (Liu et al. 2018). `x [batch, h, w, in]`, `mask [batch, h, w, 1]` → `y [batch, h′, w′, filters]`, `mask [batch, h′, w′, 1]`.
 */
export const partialConv2d = defineLayer({
  type: "partial-conv2d",
  title: "Partial convolution",
  family: "convolution",
  book: "10.6",
  aliases: ["inpainting", "mask", "missing pixels"],
  params: z.object({
    filters: filtersParam,
    kernel: kernel2d,
    stride: stride2d,
    padding: paddingParam("same"),
    bias: biasParam,
    init: initParam,
  }),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." },
    mask: { rank: 4, help: "1 where a pixel is known, 0 where it is missing: [batch, height, width, 1]." },
  },
  outputs: ["y", "mask"],
  infer({ x, mask }, p) {
    const expected = [...x.shape.slice(0, 3), 1];
    if (!sameShape(mask.shape, expected))
      return problem("There is one mask for all channels of an image.", {
        port: "mask",
        expected: formatShape(expected),
        received: formatShape(mask.shape),
      });
    const found = convolved(x, { filters: p.filters, groups: 1 }, { size: pair(p.kernel), stride: pair(p.stride), padding: p.padding });
    return isProblem(found) ? found : { y: found.y, mask: f32(...found.y.shape.slice(0, 3), 1) };
  },
  weights({ x }, { kernel, filters, bias, init }) {
    return {
      kernel: { shape: [...pair(kernel), x.shape.at(-1) as number, filters], init },
      bias: bias ? { shape: [filters], init: "zeros" } : undefined,
    };
  },
  apply({ x, mask }, { kernel, bias }, { kernel: size, stride, padding }) {
    const [h, w] = pair(size);
    const known = tf.cast(mask, "float32") as tf.Tensor4D;
    const counts = tf.conv2d(known, tf.ones([h, w, 1, 1]), pair(stride), padding);
    const any = tf.step(tf.sub(counts, 0.5));
    const sums = tf.conv2d(tf.mul(x, known) as tf.Tensor4D, kernel as tf.Tensor4D, pair(stride), padding);
    const scaled = tf.mul(sums, tf.div(tf.mul(any, h * w), tf.maximum(counts, 1)));
    return { y: bias ? tf.add(scaled, tf.mul(bias, any)) : scaled, mask: any };
  },
  cost({ x }, { y }, { kernel }) {
    const [h, w] = pair(kernel);
    return elementsPerExample(y.shape) * h * w * (x.shape.at(-1) as number);
  },
  window: ({ kernel, stride }) => windows(pair(kernel), pair(stride)),
  summary: ({ filters, kernel, stride, padding }) => `${filters} × ${pair(kernel).join("×")}${windowSummary(stride, 1, padding, "same")}`,
  explain: {
    summary: "Convolves the pixels that are known, and grows the known part by its kernel.",
    equation: "h_{ijc} = \\beta_c + \\frac{M}{\\sum m} \\sum_{m,n,d} \\omega_{mndc}\\, m_{i+m,\\,j+n}\\, x_{i+m,\\,j+n,\\,d}",
  },
  examples: [
    { params: { filters: 3 }, inputs: { x: f32("batch", 5, 4, 2), mask: { shape: ["batch", 5, 4, 1], dtype: "int32", classes: 2 } } },
    {
      params: { filters: 2, kernel: [2, 3], stride: 2, padding: "valid", bias: false },
      inputs: { x: f32("batch", 6, 7, 1), mask: { shape: ["batch", 6, 7, 1], dtype: "int32", classes: 2 } },
    },
  ],
});
