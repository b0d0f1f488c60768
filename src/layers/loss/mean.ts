import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** The mean of whatever arrives, over all examples of a split: a number drawn out of the graph as a figure with a curve. */
export const mean = defineLayer({
  type: "metric.mean",
  title: "Mean",
  family: "loss",
  book: "5.1",
  aliases: ["figure", "watch", "monitor", "average", "scalar"],
  role: "metric",
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor, a single number included." } },
  outputs: ["value"],
  infer: () => ({ value: f32() }),
  apply: ({ x }) => ({ value: tf.mean(x) }),
  cost: ({ x }) => elementsPerExample(x.shape),
  explain: { summary: "Follows the mean of whatever arrives as a figure.", equation: "\\frac{1}{I}\\sum_i x_i" },
  examples: [{ inputs: { x: f32("batch", 3) } }, { inputs: { x: f32() } }],
});
