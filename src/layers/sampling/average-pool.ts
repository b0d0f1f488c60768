import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { applyPool, inferPool, poolParams, poolSummary, poolWindows } from "./pool.ts";

/** How an axis is padded so that ⌈n / stride⌉ windows fit, and how many real positions each window then holds. */
function samePadding(n: number, size: number, stride: number) {
  const length = Math.ceil(n / stride);
  const total = Math.max((length - 1) * stride + size - n, 0);
  const before = Math.floor(total / 2);
  const counts = Array.from({ length }, (_, i) => Math.min(i * stride - before + size, n) - Math.max(i * stride - before, 0));
  return { edges: [before, total - before] as [number, number], counts };
}

/**
 * tfjs's own "same" pooling leaves the padding out of the mean, but its gradient counts it. So zeros are put around, whole
 * windows averaged, and each mean brought to the number of real positions in its window.
 */
function meanPool(x: tf.Tensor4D, size: [number, number], stride: [number, number], padding: "same" | "valid"): tf.Tensor {
  if (padding === "valid") return tf.avgPool(x, size, stride, "valid");
  const rows = samePadding(x.shape[1], size[0], stride[0]);
  const columns = samePadding(x.shape[2], size[1], stride[1]);
  const padded = tf.pad(x, [[0, 0], rows.edges, columns.edges, [0, 0]]);
  const means = tf.avgPool(padded, size, stride, "valid");
  const area = size[0] * size[1];
  const factors = rows.counts.flatMap((high) => columns.counts.map((wide) => area / (high * wide)));
  if (factors.every((factor) => factor === 1)) return means;
  return tf.mul(means, tf.tensor4d(factors, [1, rows.counts.length, columns.counts.length, 1]));
}

/** The mean of each window, channel by channel; signals and images. Positions in the padding do not count. */
export const averagePool = defineLayer({
  type: "average-pool",
  title: "Average pooling",
  family: "sampling",
  book: "10.4.1",
  aliases: ["mean pooling", "avgpool", "downsample", "subsample"],
  params: z.object(poolParams),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) => inferPool(x, p),
  apply: ({ x }, _w, p) => ({ y: applyPool(x, p, meanPool) }),
  window: (p, { x }) => poolWindows(p, x),
  summary: poolSummary,
  explain: {
    summary: "Replaces each window by its mean.",
    equation: "y_{ijc} = \\frac{1}{K^2}\\sum_{m,n} x_{si+m,\\,sj+n,\\,c}",
  },
  examples: [
    { inputs: { x: f32("batch", 4, 6, 2) } },
    { params: { size: 3, stride: 2, padding: "same" }, inputs: { x: f32("batch", 5, 4, 1) } },
    { inputs: { x: f32("batch", 7, 3) } },
  ],
});
