import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";
/** x where positive, slope · x elsewhere. */
export const leakyRelu = defineLayer({
  type: "leaky-relu",
  title: "Leaky ReLU",
  family: "activation",
  book: "3.1",
  aliases: ["leaky rectified linear unit", "activation"],
  params: z.object({ slope: real({ min: 0, max: 1, default: 0.01, help: "Slope on the negative side." }) }),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }, _w, { slope }) => ({ y: tf.leakyRelu(x, slope) }),
  summary: ({ slope }) => `slope ${slope}`,
  explain: { summary: "Like ReLU, but what is negative leaks through, made small.", equation: "y = \\max(\\alpha x, x)" },
  examples: [
    { inputs: { x: f32("batch", 4) } },
    { inputs: { x: f32("batch", 3, 3, 2) } },
    { params: { slope: 0.2 }, inputs: { x: f32("batch", 5) } },
  ],
});
