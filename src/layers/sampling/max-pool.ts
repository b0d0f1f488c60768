import { maxPool as tfMaxPool } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { applyPool, inferPool, poolParams, poolSummary, poolWindows } from "./pool.ts";

/** The largest value in each window, channel by channel; signals and images. */
export const maxPool = defineLayer({
  type: "max-pool",
  title: "Max pooling",
  family: "sampling",
  book: "10.4.1",
  aliases: ["maxpool", "downsample", "subsample"],
  params: z.object(poolParams),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }, p) => inferPool(x, p),
  apply: ({ x }, _w, p) => ({ y: applyPool(x, p, tfMaxPool) }),
  window: (p, { x }) => poolWindows(p, x),
  summary: poolSummary,
  explain: {
    summary: "Keeps the largest value of each window: smaller, and steady under small shifts.",
    equation: "y_{ijc} = \\max_{m,n}\\, x_{si+m,\\,sj+n,\\,c}",
  },
  examples: [
    { inputs: { x: f32("batch", 4, 6, 2) } },
    { params: { size: 3, stride: 2, padding: "same" }, inputs: { x: f32("batch", 5, 4, 1) } },
    { params: { size: [1, 2], stride: [2, 1] }, inputs: { x: f32("batch", 4, 4, 2) } },
    { inputs: { x: f32("batch", 7, 3) } },
  ],
});
