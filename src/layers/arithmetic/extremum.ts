import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";
import { elementwise } from "./broadcast.ts";

/** The larger or the smaller of all that arrives, element by element: clipping, hinge losses, maxout. */
export const extremum = defineLayer({
  type: "extremum",
  title: "Maximum or minimum",
  family: "arithmetic",
  book: "10.4.1",
  aliases: ["max", "min", "clip", "maxout", "hinge"],
  params: z.object({ kind: choice(["max", "min"], { help: "Whether the larger or the smaller one is kept." }) }),
  inputs: { x: { many: true, dtype: "float32", help: "Tensors of one shape, or with sizes of 1 where they are to be repeated." } },
  outputs: ["y"],
  infer: ({ x }) => elementwise({ x }, "compared"),
  apply({ x }, _w, { kind }) {
    const [first, ...others] = x as [tf.Tensor, ...tf.Tensor[]];
    if (others.length === 0) return { y: tf.clone(first) };
    const shape = x.reduce<number[]>((joined, next) => tf.broadcast_util.assertAndGetBroadcastShape(joined, next.shape), []);
    // tfjs's gradients of the two know no repeating: it comes first.
    const wide = (tensor: tf.Tensor) => (tf.util.arraysEqual(tensor.shape, shape) ? tensor : tf.broadcastTo(tensor, shape as [number]));
    return { y: others.reduce((kept, next) => (kind === "max" ? tf.maximum : tf.minimum)(kept, wide(next)), wide(first)) };
  },
  cost: ({ x }, { y }) => (x.length - 1) * elementsPerExample(y.shape),
  summary: ({ kind }) => kind,
  explain: { summary: "Keeps the larger or the smaller of all that arrives.", equation: "\\mathbf{y} = \\max_n \\mathbf{x}_n" },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 3)] } },
    { params: { kind: "min" }, inputs: { x: [f32("batch", 2, 3), f32("batch", 1, 3)] } },
  ],
});
