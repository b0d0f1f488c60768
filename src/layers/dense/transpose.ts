import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { ints } from "../params.ts";

/** The axes after the batch in another order: axis i of the output is axis `order[i]` of the input, the batch axis being 0. */
export const transpose = defineLayer({
  type: "transpose",
  title: "Transpose",
  family: "dense",
  book: "12.2",
  aliases: ["permute", "swap axes"],
  params: z.object({
    axes: ints({ min: 1, max: 8, length: [1, 8], default: [2, 1], help: "New order of the axes after the batch axis, counted from 1." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with at least one axis after the batch axis." } },
  outputs: ["y"],
  infer({ x }, { axes }) {
    const count = x.shape.length - 1;
    if (count < 1) return problem("There are no axes to reorder.", { port: "x", expected: "at least one axis after the batch axis" });
    const swapped = Array.from({ length: count }, (_, i) => count - i);
    if (axes.length !== count || swapped.some((axis) => !axes.includes(axis)))
      return problem(`Each of the axes 1 to ${count} must be named once.`, {
        expected: `an order of ${[...swapped].reverse().join(", ")}`,
        received: axes.join(", "),
        mend: { label: `Use ${swapped.join(", ")}`, kind: "set", params: { axes: swapped } },
      });
    return { y: f32(x.shape[0] as Dim, ...axes.map((axis) => x.shape[axis] as Dim)) };
  },
  apply: ({ x }, _w, { axes }) => ({ y: tf.transpose(x, [0, ...axes]) }),
  summary: ({ axes }) => axes.join(", "),
  explain: { summary: "Puts the axes after the batch axis in another order.", equation: "\\mathbf{y} = \\mathbf{x}^{T}" },
  examples: [
    { inputs: { x: f32("batch", 3, 2) } },
    { params: { axes: [3, 1, 2] }, inputs: { x: f32("batch", 2, 3, 4) } },
    { params: { axes: [1] }, inputs: { x: f32("batch", 3) } },
  ],
});
