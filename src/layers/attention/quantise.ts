import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int, real } from "../params.ts";

/** Real numbers as tokens: the range from `low` to `high` in equal steps, numbers outside taking the first or the last. */
export const quantise = defineLayer({
  type: "quantise",
  title: "Quantise",
  family: "attention",
  book: "12.10.1",
  aliases: ["quantize", "discretise", "bins", "levels", "pixels", "grey levels"],
  params: z.object({
    levels: int({ min: 2, max: 65_536, help: "Number of steps, and of tokens.", default: 16 }),
    low: real({ help: "Where the first step begins.", default: 0 }),
    high: real({ help: "Where the last step ends.", default: 1 }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis: pixels, samples of a sound." } },
  outputs: ["y"],
  infer({ x }, { levels, low, high }) {
    if (x.shape.length === 0) return problem("There is no batch axis.", { port: "x", expected: "[batch, …]", received: formatShape(x.shape) });
    if (high <= low)
      return problem("The range is empty.", {
        expected: `a high end above ${low}`,
        received: `${high}`,
        mend: { kind: "set", label: "Use 0 to 1", params: { low: 0, high: 1 } },
      });
    return { y: i32(x.shape, levels) };
  },
  apply({ x }, _w, { levels, low, high }) {
    const step = tf.floor(tf.mul(tf.sub(x, low), levels / (high - low)));
    return { y: tf.cast(tf.clipByValue(step, 0, levels - 1), "int32") };
  },
  differentiable: false,
  summary: ({ levels }) => `${levels} levels`,
  explain: {
    summary: "Turns numbers into tokens by equal steps.",
    equation: "y = \\Big\\lfloor K\\,\\frac{x - \\mathrm{low}}{\\mathrm{high} - \\mathrm{low}} \\Big\\rfloor",
  },
  examples: [{ params: { levels: 4, low: -1 }, inputs: { x: f32("batch", 5) } }, { inputs: { x: f32("batch", 2, 2, 1) } }],
});
