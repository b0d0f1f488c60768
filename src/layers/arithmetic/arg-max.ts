import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Place of the largest number along the last axis: `[…, classes]` → `[…]`. Of scores it is the decision, of random numbers a throw of a die. */
export const argMax = defineLayer({
  type: "arg-max",
  title: "Arg max",
  family: "arithmetic",
  book: "5.5",
  aliases: ["decision", "prediction", "largest", "index", "category", "categorical"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Numbers to choose from along the last axis: [batch, …, classes]." } },
  outputs: ["y"],
  infer({ x }) {
    const classes = x.shape.at(-1);
    if (x.shape.length < 2 || typeof classes !== "number")
      return problem("There is nothing to choose from.", { port: "x", expected: "[batch, …, classes]" });
    return { y: i32(x.shape.slice(0, -1), classes) };
  },
  apply: ({ x }) => ({ y: tf.argMax(x, -1) }),
  differentiable: false,
  explain: { summary: "Says which number is the largest.", equation: "y = \\operatorname{argmax}_c x_c" },
  examples: [{ inputs: { x: f32("batch", 4) } }, { inputs: { x: f32("batch", 3, 5) } }],
});
