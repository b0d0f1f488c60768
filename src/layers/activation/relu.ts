import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** max(0, x), element by element. */
export const relu = defineLayer({
  type: "relu",
  title: "ReLU",
  family: "activation",
  book: "3.1",
  aliases: ["rectified linear unit", "activation"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }) => ({ y: tf.relu(x) }),
  explain: { summary: "Keeps what is positive, clips the rest to zero.", equation: "y = \\max(0, x)" },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 3, 2) } }],
});
