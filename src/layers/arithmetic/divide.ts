import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { elementwise, operandPorts } from "./broadcast.ts";

/** a ÷ b, element by element; sizes of 1 are repeated. */
export const divide = defineLayer({
  type: "divide",
  title: "Divide",
  family: "arithmetic",
  book: "11.4",
  aliases: ["quotient", "ratio", "over"],
  params: z.object({}),
  inputs: operandPorts,
  outputs: ["y"],
  infer: (x) => elementwise(x, "divided"),
  apply: ({ a, b }) => ({ y: tf.div(a, b) }),
  cost: (_x, { y }) => elementsPerExample(y.shape),
  explain: { summary: "Divides one tensor by another, element by element.", equation: "\\mathbf{y} = \\mathbf{a} / \\mathbf{b}" },
  examples: [
    { inputs: { a: f32("batch", 3), b: f32("batch", 3) }, range: [0.5, 2] },
    { inputs: { a: f32("batch", 2, 2), b: f32("batch", 1, 2) }, range: [0.5, 2] },
    { inputs: { a: f32("batch", 3), b: f32() }, range: [0.5, 2] },
  ],
});
