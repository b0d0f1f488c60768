import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { choice, extent } from "../params.ts";
import { edgeSummary, edges, resized } from "./edges.ts";
import { padded } from "./padding.ts";

/** How what stands outside is made up. */
const modes = ["zeros", "reflect", "replicate"] as const;

/** Zeros, or the rim itself, around the spatial axes: `[batch, h, w, c] → [batch, before + h + after, …, c]`. */
export const pad = defineLayer({
  type: "pad",
  title: "Pad",
  family: "dense",
  book: "10.2.2",
  aliases: ["zero padding", "border", "reflection padding", "replication padding"],
  params: z.object({
    before: extent({ axes: 2, min: 0, default: 1, help: "Places at the start of each spatial axis: top and left." }),
    after: extent({ axes: 2, min: 0, default: 1, help: "Places at the end of each spatial axis: bottom and right." }),
    mode: choice(modes, { help: "Zeros; the inside mirrored about its outermost places, which are not repeated; or the outermost places repeated." }),
  }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { before, after, mode }) {
    const shape = resized(x.shape, edges(before, after, x.shape.length), (size, first, last) => {
      if (mode === "reflect" && Math.max(first, last) >= size)
        return problem("There is too little to mirror.", { port: "x", expected: `more than ${Math.max(first, last)} places`, received: `${size}` });
      return first + size + last;
    });
    return isProblem(shape) ? shape : { y: f32(...shape) };
  },
  apply: ({ x }, _w, { before, after, mode }) => ({ y: padded(x, edges(before, after, x.rank), mode) }),
  summary: ({ before, after, mode }) => `${edgeSummary(before, after)}${mode === "zeros" ? "" : ` · ${mode}`}`,
  explain: { summary: "Puts zeros, or what continues the rim, around signals or images." },
  examples: [
    { inputs: { x: f32("batch", 3, 4, 2) } },
    { params: { before: [0, 2], after: [1, 0] }, inputs: { x: f32("batch", 3, 2, 1) } },
    { params: { before: 2, after: 0 }, inputs: { x: f32("batch", 4, 2) } },
    { params: { before: [2, 1], after: [1, 0], mode: "reflect" }, inputs: { x: f32("batch", 3, 2, 2) } },
    { params: { before: 3, after: 2, mode: "replicate" }, inputs: { x: f32("batch", 4, 1) } },
  ],
});
