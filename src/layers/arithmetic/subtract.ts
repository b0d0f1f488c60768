import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem } from "../contract.ts";
import { broadcastInputs } from "./broadcast.ts";

/** a − b, element by element; sizes of 1 are repeated. */
export const subtract = defineLayer({
  type: "subtract",
  title: "Subtract",
  family: "arithmetic",
  book: "3.1",
  aliases: ["minus", "difference"],
  params: z.object({}),
  inputs: {
    a: { dtype: "float32", help: "Any tensor, a single number included." },
    b: { dtype: "float32", help: "A tensor of the same shape, or one whose sizes are 1 where it is to be repeated." },
  },
  outputs: ["y"],
  infer({ a, b }) {
    const shape = broadcastInputs({ a, b }, "subtracted");
    return isProblem(shape) ? shape : { y: f32(...shape) };
  },
  apply: ({ a, b }) => ({ y: tf.sub(a, b) }),
  cost: (_x, { y }) => elementsPerExample(y.shape),
  explain: { summary: "Takes one tensor from another, element by element.", equation: "\\mathbf{y} = \\mathbf{a} - \\mathbf{b}" },
  examples: [
    { inputs: { a: f32("batch", 3), b: f32("batch", 3) } },
    { inputs: { a: f32("batch", 2, 2), b: f32("batch", 1, 2) } },
    { inputs: { a: f32("batch", 3), b: f32() } },
  ],
});
