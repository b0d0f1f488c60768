import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { sameInputs } from "./same.ts";

/** The sum of all that arrives, element by element: residual connections, losses of several terms. */
export const add = defineLayer({
  type: "add",
  title: "Add",
  family: "arithmetic",
  book: "11.2",
  aliases: ["sum", "plus", "residual", "skip connection"],
  params: z.object({}),
  inputs: { x: { many: true, dtype: "float32", help: "Tensors of one shape, or single numbers such as losses." } },
  outputs: ["y"],
  infer: ({ x }) => sameInputs(x, "add"),
  apply: ({ x }) => ({ y: x.length === 1 ? tf.clone(x[0] as tf.Tensor) : tf.addN([...x]) }),
  explain: { summary: "Adds all that arrives, element by element.", equation: "\\mathbf{y} = \\sum_n \\mathbf{x}_n" },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 3)] } },
    { inputs: { x: [f32("batch", 2, 2, 1), f32("batch", 2, 2, 1), f32("batch", 2, 2, 1)] } },
    { inputs: { x: [f32(), f32()] } },
    { inputs: { x: [f32("batch", 2)] } },
  ],
});
