import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** Scores of all tokens from the table of an embedding: `[batch, …, width] → [batch, …, vocabulary]`. Share its weights with the embedding's. */
export const unembedding = defineLayer({
  type: "unembedding",
  title: "Unembedding",
  family: "attention",
  book: "12.5.2",
  aliases: ["tied weights", "weight tying", "logits", "vocabulary", "language model head"],
  params: z.object({ vocabulary: int({ min: 1, max: 10_000_000, help: "Number of different tokens, as in the embedding.", default: 64 }) }),
  inputs: { x: { dtype: "float32", help: "Vectors as long as the embedding's: [batch, …, width]." } },
  outputs: ["y"],
  infer({ x }, { vocabulary }) {
    if (x.shape.length < 2 || typeof x.shape.at(-1) !== "number")
      return problem("The vectors have no fixed width.", { port: "x", expected: "[batch, …, width]" });
    return { y: f32(...x.shape.slice(0, -1), vocabulary) };
  },
  weights: ({ x }, { vocabulary }) => ({ table: { shape: [vocabulary, x.shape.at(-1) as number], init: { normal: 0.02 } } }),
  apply({ x }, { table }) {
    const [vocabulary, width] = table.shape as [number, number];
    const rows = tf.reshape<tf.Rank.R2>(x, [-1, width]);
    return { y: tf.reshape(tf.matMul(rows, table as tf.Tensor2D, false, true), [...x.shape.slice(0, -1), vocabulary]) };
  },
  cost: ({ x }, { y }) => y.shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1) * (x.shape.at(-1) as number),
  summary: ({ vocabulary }) => `→ ${vocabulary}`,
  explain: {
    summary: "How well each vector fits the embedding of each token.",
    equation: "\\mathbf{y} = \\boldsymbol\\Omega_e^{T}\\,\\mathbf{x}",
  },
  examples: [
    { params: { vocabulary: 5 }, inputs: { x: f32("batch", 3, 4) } },
    { params: { vocabulary: 3 }, inputs: { x: f32("batch", 2) } },
  ],
});
