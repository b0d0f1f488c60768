import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { extent } from "../params.ts";
import { edgeSummary, edges, resized } from "./edges.ts";

/** Cuts the rim off the spatial axes: `[batch, h, w, c] → [batch, h − before − after, …, c]`. */
export const crop = defineLayer({
  type: "crop",
  title: "Crop",
  family: "dense",
  book: "11.5.3",
  aliases: ["cut", "slice", "trim"],
  params: z.object({
    before: extent({ axes: 2, min: 0, default: 1, help: "Positions cut from the start of each spatial axis: top and left." }),
    after: extent({ axes: 2, min: 0, default: 1, help: "Positions cut from the end of each spatial axis: bottom and right." }),
  }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { before, after }) {
    const shape = resized(x.shape, edges(before, after, x.shape.length), (size, first, last, axis) =>
      size > first + last
        ? size - first - last
        : problem(`Cutting ${first + last} positions off axis ${axis} leaves nothing of its ${size}.`, {
            port: "x",
            expected: `more than ${first + last}`,
            received: `${size}`,
            mend: { label: "Cut nothing", kind: "set", params: { before: 0, after: 0 } },
          }),
    );
    return isProblem(shape) ? shape : { y: f32(...shape) };
  },
  apply({ x }, _w, { before, after }) {
    const rim = edges(before, after, x.rank);
    const starts = [0, ...rim.map(([first]) => first), 0];
    const sizes = [x.shape[0] as number, ...rim.map(([first, last], i) => (x.shape[i + 1] as number) - first - last), x.shape.at(-1) as number];
    return { y: tf.slice(x, starts, sizes) };
  },
  summary: ({ before, after }) => edgeSummary(before, after),
  explain: { summary: "Cuts the rim off signals or images." },
  examples: [
    { inputs: { x: f32("batch", 4, 5, 2) } },
    { params: { before: [0, 2], after: [1, 0] }, inputs: { x: f32("batch", 3, 4, 1) } },
    { params: { before: 2, after: 0 }, inputs: { x: f32("batch", 5, 2) } },
  ],
});
