import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";

/** x times a fixed number: weighs one loss against another, rescales a residual branch. */
export const scale = defineLayer({
  type: "scale",
  title: "Scale",
  family: "arithmetic",
  book: "11.3",
  aliases: ["weight", "factor", "times constant", "multiply by"],
  params: z.object({ factor: real({ default: 1, help: "The fixed number by which everything is multiplied." }) }),
  inputs: { x: { dtype: "float32", help: "Any tensor, a single number such as a loss included." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }, _w, { factor }) => ({ y: tf.mul(x, factor) }),
  cost: (_x, { y }) => elementsPerExample(y.shape),
  summary: ({ factor }) => `× ${factor}`,
  explain: { summary: "Multiplies by a fixed number.", equation: "\\mathbf{y} = \\lambda\\,\\mathbf{x}" },
  examples: [
    { params: { factor: 0.5 }, inputs: { x: f32("batch", 3) } },
    { params: { factor: -2 }, inputs: { x: f32() } },
  ],
});
