import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** A learned vector before the tokens, the same for every example: `[batch, tokens, width] → [batch, tokens + 1, width]`. */
export const classToken = defineLayer({
  type: "class-token",
  title: "Class token",
  family: "attention",
  book: "12.6.1",
  aliases: ["cls", "prepend", "bert", "vit"],
  params: z.object({}),
  inputs: { x: { rank: 3, dtype: "float32", help: "Token vectors: [batch, tokens, width]." } },
  outputs: ["y"],
  infer({ x }) {
    const [batch = "batch", tokens, width] = x.shape;
    if (typeof tokens !== "number" || typeof width !== "number")
      return problem("The tokens have no fixed number or width.", { port: "x", expected: "[batch, a number, a number]" });
    return { y: f32(batch, tokens + 1, width) };
  },
  weights: ({ x }) => ({ token: { shape: [x.shape[2] as number], init: { normal: 0.02 } } }),
  apply({ x }, { token }) {
    // Made from the tokens, so that a recorded program fits batches of any size.
    const place = tf.zerosLike(tf.slice(x, [0, 0, 0], [-1, 1, -1]));
    return { y: tf.concat([tf.add(place, token), x], 1) };
  },
  explain: {
    summary: "Puts a learned token in front, whose output can stand for the whole sequence.",
    equation: "[\\mathbf{x}_{<\\mathrm{cls}>}, \\mathbf{x}_1, \\dots, \\mathbf{x}_N]",
  },
  examples: [{ inputs: { x: f32("batch", 3, 4) } }],
});
