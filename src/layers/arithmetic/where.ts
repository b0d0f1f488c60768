import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { held } from "../held.ts";
import { elementwise } from "./broadcast.ts";

/** One of two values for each element: `a` where `condition` is not 0, `b` elsewhere. Sizes of 1 are repeated. */
export const where = defineLayer({
  type: "where",
  title: "Where",
  family: "arithmetic",
  book: "10.6",
  aliases: ["select", "if", "mask", "condition", "choose"],
  params: z.object({}),
  inputs: {
    condition: { help: "A mask or the outcome of a comparison: 0 for b, anything else for a." },
    a: { dtype: "float32", help: "What is taken where the condition holds." },
    b: { dtype: "float32", help: "What is taken elsewhere." },
  },
  outputs: ["y"],
  infer: ({ a, b, condition }) => elementwise({ a, b, condition }, "chosen from"),
  // Chosen, not weighed by 1 and 0: what is not taken may be no number (the logarithm of less than nothing) and must not show.
  apply({ condition, a, b }) {
    const number = tf.cast(condition, "float32");
    const same = [number, b].every(({ shape }) => tf.util.arraysEqual(shape, a.shape));
    const zeros = same ? undefined : tf.zerosLike(tf.add(tf.add(a, b), number));
    const wide = (tensor: tf.Tensor) => (zeros ? tf.add(tensor, zeros) : tensor);
    return {
      y: tf.where(
        held((given) => tf.notEqual(wide(given), 0), number),
        wide(a),
        wide(b),
      ),
    };
  },
  explain: { summary: "Takes one of two values for each element." },
  examples: [
    { inputs: { condition: { shape: ["batch", 3], dtype: "int32", classes: 2 }, a: f32("batch", 3), b: f32("batch", 3) } },
    { inputs: { condition: { shape: ["batch", 1], dtype: "int32", classes: 2 }, a: f32("batch", 3), b: f32() } },
  ],
});
