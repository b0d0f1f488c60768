import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem } from "../contract.ts";
import { extent } from "../params.ts";
import { edgeSummary, edges, resized } from "./edges.ts";

/** Zeros around the spatial axes: `[batch, h, w, c] → [batch, before + h + after, …, c]`. */
export const pad = defineLayer({
  type: "pad",
  title: "Pad",
  family: "dense",
  book: "10.2.2",
  aliases: ["zero padding", "border"],
  params: z.object({
    before: extent({ axes: 2, min: 0, default: 1, help: "Zeros at the start of each spatial axis: top and left." }),
    after: extent({ axes: 2, min: 0, default: 1, help: "Zeros at the end of each spatial axis: bottom and right." }),
  }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { before, after }) {
    const shape = resized(x.shape, edges(before, after, x.shape.length), (size, first, last) => first + size + last);
    return isProblem(shape) ? shape : { y: f32(...shape) };
  },
  apply: ({ x }, _w, { before, after }) => ({ y: tf.pad(x, [[0, 0], ...edges(before, after, x.rank), [0, 0]]) }),
  summary: ({ before, after }) => edgeSummary(before, after),
  explain: { summary: "Puts zeros around signals or images." },
  examples: [
    { inputs: { x: f32("batch", 3, 4, 2) } },
    { params: { before: [0, 2], after: [1, 0] }, inputs: { x: f32("batch", 3, 2, 1) } },
    { params: { before: 2, after: 0 }, inputs: { x: f32("batch", 4, 2) } },
  ],
});
