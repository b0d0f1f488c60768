import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** The hyperbolic tangent, element by element. */
export const tanh = defineLayer({
  type: "tanh",
  title: "Tanh",
  family: "activation",
  book: "3.5",
  aliases: ["hyperbolic tangent", "activation"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }) => ({ y: tf.tanh(x) }),
  explain: { summary: "Maps every number to one between −1 and 1.", equation: "y = \\tanh(x)" },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 3, 2) } }],
});
