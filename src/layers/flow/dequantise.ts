import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";
import { flowPort, flowTypes, sameEach, sizeEach } from "./per-example.ts";

/**
 * Numbers that take few values between 0 and 1 become real ones: y = (x (K − 1) + u) / K with u uniform from 0 to 1, so that a density over them
 * makes sense, and bounds the probability of the values (UDL 16.4.1; Theis et al., 2016). Backwards, y falls to the value of its bin.
 */
export const dequantise = defineLayer({
  type: "dequantise",
  title: "Dequantise",
  family: "flow",
  book: "16.4.1",
  aliases: ["dequantize", "uniform noise", "images", "normalising flow"],
  params: z.object({
    levels: int({ min: 2, max: 65_536, default: 256, help: "Values that a number can take: 256 in images of bytes, 17 in digits." }),
  }),
  inputs: { x: flowPort },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  apply: ({ x }, _w, { levels }, { rng }) => ({
    y: tf.div(tf.add(tf.mul(x, levels - 1), rng.uniform(x.shape)), levels),
    logdet: sameEach(sizeEach(x.shape) * Math.log((levels - 1) / levels), x),
  }),
  inverse: ({ y }, _w, { levels }) => ({
    x: tf.div(tf.clipByValue(tf.floor(tf.mul(y, levels)), 0, levels - 1), levels - 1),
    logdet: sameEach(sizeEach(y.shape) * Math.log(levels / (levels - 1)), y),
  }),
  summary: ({ levels }) => `${levels} levels`,
  explain: {
    summary: "Spreads each of a few values over its share of the line.",
    equation: "y = \\frac{(K-1)\\,x + u}{K}, \\quad u \\sim \\operatorname{Uniform}[0, 1]",
  },
  examples: [
    { params: { levels: 4 }, inputs: { x: f32("batch", 3) }, range: [0, 1] },
    { inputs: { x: f32("batch", 2, 2, 1) }, range: [0, 1] },
  ],
});
