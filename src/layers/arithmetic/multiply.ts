import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { elementwise } from "./broadcast.ts";

/** The product of all that arrives, element by element, sizes of 1 repeated: gates, a factor for each channel. */
export const multiply = defineLayer({
  type: "multiply",
  title: "Multiply",
  family: "arithmetic",
  book: "10.6",
  aliases: ["product", "times", "gate", "hadamard"],
  params: z.object({}),
  inputs: { x: { many: true, dtype: "float32", help: "Tensors of one shape, or with sizes of 1 where they are to be repeated." } },
  outputs: ["y"],
  infer: ({ x }) => elementwise({ x }, "multiplied"),
  apply: ({ x }) => ({ y: x.length === 1 ? tf.clone(x[0] as tf.Tensor) : x.reduce((product, next) => tf.mul(product, next)) }),
  cost: ({ x }, { y }) => (x.length - 1) * elementsPerExample(y.shape),
  explain: { summary: "Multiplies all that arrives, element by element.", equation: "\\mathbf{y} = \\bigodot_n \\mathbf{x}_n" },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 3)] } },
    { inputs: { x: [f32("batch", 2, 2, 3), f32("batch", 1, 1, 3)] } },
    { inputs: { x: [f32("batch", 2, 2), f32("batch", 2, 2), f32("batch", 2, 2)] } },
    { inputs: { x: [f32(), f32()] } },
  ],
});
