import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { addedInputs } from "./added.ts";

/** The sum of all that arrives, element by element: residual connections, losses of several terms. */
export const add = defineLayer({
  type: "add",
  title: "Add",
  family: "arithmetic",
  book: "11.2",
  aliases: ["sum", "plus", "residual", "skip connection"],
  params: z.object({}),
  inputs: {
    x: {
      many: true,
      dtype: "float32",
      help: "Tensors of one shape, or with sizes of 1 where they are to be repeated; single numbers such as losses.",
    },
  },
  outputs: ["y"],
  infer: ({ x }) => addedInputs(x),
  apply: ({ x }) => ({ y: sumOf(x) }),
  explain: { summary: "Adds all that arrives, element by element.", equation: "\\mathbf{y} = \\sum_n \\mathbf{x}_n" },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 3)] } },
    { inputs: { x: [f32("batch", 2, 2, 1), f32("batch", 2, 2, 1), f32("batch", 2, 2, 1)] } },
    { inputs: { x: [f32(), f32()] } },
    { inputs: { x: [f32("batch", 2)] } },
    { inputs: { x: [f32("batch", 4, 3), f32(4, 3), f32("batch", 1, 3)] } },
  ],
});

function sumOf(x: readonly tf.Tensor[]): tf.Tensor {
  const [first, ...others] = x as [tf.Tensor, ...tf.Tensor[]];
  if (others.length === 0) return tf.clone(first);
  const same = others.every(({ shape }) => tf.util.arraysEqual(shape, first.shape));
  return same ? tf.addN([...x]) : others.reduce((sum, next) => tf.add(sum, next), first);
}
