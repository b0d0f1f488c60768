import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice } from "../params.ts";

/** One number a channel: `[batch, …spatial, channels] → [batch, channels]`. */
export const globalPool = defineLayer({
  type: "global-pool",
  title: "Global pooling",
  family: "sampling",
  book: "10.4.1",
  aliases: ["global average pooling", "gap", "mean over positions"],
  params: z.object({ mode: choice(["average", "max"], { help: "The mean or the largest value over all positions." }) }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }) {
    if (x.shape.slice(1, -1).some((dim) => typeof dim !== "number"))
      return problem("A spatial axis has no fixed size.", {
        port: "x",
        expected: "numbers between batch and channels",
        received: formatShape(x.shape),
      });
    return { y: f32(x.shape[0] as Dim, x.shape.at(-1) as Dim) };
  },
  apply({ x }, _w, { mode }) {
    const axes = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
    return { y: mode === "average" ? tf.mean(x, axes) : tf.max(x, axes) };
  },
  summary: ({ mode }) => mode,
  explain: {
    summary: "One number for each channel, whatever the size of the image.",
    equation: "y_c = \\frac{1}{HW}\\sum_{i,j} x_{ijc}",
  },
  examples: [{ inputs: { x: f32("batch", 3, 4, 2) } }, { params: { mode: "max" }, inputs: { x: f32("batch", 5, 3) } }],
});
