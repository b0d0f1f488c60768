import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** Whole numbers as vectors with a single 1: `[…]` → `[…, classes]`. */
export const oneHot = defineLayer({
  type: "one-hot",
  title: "One-hot",
  family: "arithmetic",
  book: "12.5.1",
  aliases: ["indicator", "encode", "categorical", "label"],
  params: z.object({ classes: int({ min: 2, max: 1_000_000, default: 10, help: "How many values there are." }) }),
  inputs: { x: { dtype: "int32", help: "Whole numbers from 0: labels, tokens, atoms." } },
  outputs: ["y"],
  infer({ x }, { classes }) {
    if (x.classes !== undefined && classes < x.classes)
      return problem(`There are ${x.classes} values, but only ${classes} places.`, {
        expected: `${x.classes} or more`,
        received: `${classes}`,
        mend: { label: `Use ${x.classes} places`, kind: "set", params: { classes: x.classes } },
      });
    return { y: f32(...x.shape, classes) };
  },
  apply: ({ x }, _w, { classes }) => ({ y: tf.cast(tf.oneHot(x as tf.Tensor1D, classes), "float32") }),
  summary: ({ classes }) => `${classes} classes`,
  differentiable: false,
  explain: { summary: "Turns whole numbers into vectors with a single one." },
  examples: [
    { params: { classes: 4 }, inputs: { x: { shape: ["batch"], dtype: "int32", classes: 4 } } },
    { params: { classes: 5 }, inputs: { x: { shape: ["batch", 3], dtype: "int32" } } },
  ],
});
