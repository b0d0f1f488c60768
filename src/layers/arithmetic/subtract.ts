import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { elementwise, operandPorts } from "./broadcast.ts";

/** a − b, element by element; sizes of 1 are repeated. */
export const subtract = defineLayer({
  type: "subtract",
  title: "Subtract",
  family: "arithmetic",
  book: "3.1",
  aliases: ["minus", "difference"],
  params: z.object({}),
  inputs: operandPorts,
  outputs: ["y"],
  infer: (x) => elementwise(x, "subtracted"),
  apply: ({ a, b }) => ({ y: tf.sub(a, b) }),
  cost: (_x, { y }) => elementsPerExample(y.shape),
  explain: { summary: "Takes one tensor from another, element by element.", equation: "\\mathbf{y} = \\mathbf{a} - \\mathbf{b}" },
  examples: [
    { inputs: { a: f32("batch", 3), b: f32("batch", 3) } },
    { inputs: { a: f32("batch", 2, 2), b: f32("batch", 1, 2) } },
    { inputs: { a: f32("batch", 3), b: f32() } },
  ],
});
