import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { extent } from "../params.ts";
import { edgeSummary, edges } from "./edges.ts";

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
    const sizes: number[] = [];
    for (const [i, [first, last]] of edges(before, after, x.shape.length).entries()) {
      const size = x.shape[i + 1];
      if (typeof size !== "number") return problem("A spatial axis has no fixed size.", { port: "x", expected: "a number", received: `${size}` });
      if (size <= first + last)
        return problem(`Cutting ${first + last} positions off axis ${i + 1} leaves nothing of its ${size}.`, {
          port: "x",
          expected: `more than ${first + last}`,
          received: `${size}`,
          mend: { label: "Cut nothing", kind: "set", params: { before: 0, after: 0 } },
        });
      sizes.push(size - first - last);
    }
    return { y: f32(x.shape[0] as Dim, ...sizes, x.shape.at(-1) as Dim) };
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
