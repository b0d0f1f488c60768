import { avgPool } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { applyPool, inferPool, poolParams, poolSummary, poolWindows } from "./pool.ts";

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
  apply: ({ x }, _w, p) => ({ y: applyPool(x, p, avgPool) }),
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
