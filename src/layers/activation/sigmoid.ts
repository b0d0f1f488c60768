import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** 1 / (1 + exp(−x)), element by element. */
export const sigmoid = defineLayer({
  type: "sigmoid",
  title: "Sigmoid",
  family: "activation",
  book: "5.4",
  aliases: ["logistic", "probability", "activation"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }) => ({ y: tf.sigmoid(x) }),
  explain: { summary: "Maps every number to one between 0 and 1.", equation: "y = \\frac{1}{1 + e^{-x}}" },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 3, 2) } }],
});
