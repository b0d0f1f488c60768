import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** Row t of a learned table for each token t: `[batch, …] → [batch, …, width]` (UDL 12.5.2). */
export const embedding = defineLayer({
  type: "embedding",
  title: "Embedding",
  family: "attention",
  book: "12.5.2",
  aliases: ["token", "lookup", "vocabulary", "word vectors", "gather"],
  params: z.object({
    vocabulary: int({ min: 1, max: 10_000_000, help: "Number of different tokens; the table has one row for each.", default: 64 }),
    width: int({ min: 1, help: "Length of the vector that stands for a token.", default: 32 }),
  }),
  inputs: { x: { dtype: "int32", help: "Tokens: whole numbers from 0 to vocabulary − 1." } },
  outputs: ["y"],
  infer({ x }, { vocabulary, width }) {
    if (x.classes !== undefined && x.classes > vocabulary)
      return problem("The tokens take more values than the table has rows.", {
        port: "x",
        expected: `a vocabulary of at least ${x.classes}`,
        received: `${vocabulary}`,
        mend: { kind: "set", label: `Set the vocabulary to ${x.classes}`, params: { vocabulary: x.classes } },
      });
    return { y: f32(...x.shape, width) };
  },
  // GPT-2's start: small enough that positional encodings of the same size are not drowned.
  weights: (_, { vocabulary, width }) => ({ table: { shape: [vocabulary, width], init: { normal: 0.02 } } }),
  apply: ({ x }, { table }) => ({ y: tf.gather(table, x as tf.Tensor1D) }),
  cost: () => 0,
  summary: ({ vocabulary, width }) => `${vocabulary} → ${width}`,
  explain: {
    summary: "A learned vector for each token.",
    equation: "\\mathbf{X} = \\boldsymbol\\Omega_e\\,\\mathbf{T}",
  },
  examples: [
    { params: { vocabulary: 7, width: 4 }, inputs: { x: i32(["batch", 5], 7) } },
    { params: { vocabulary: 9, width: 3 }, inputs: { x: i32(["batch"], 4) } },
    { params: { vocabulary: 5, width: 2 }, inputs: { x: i32(["batch", 2, 3], 5) } },
  ],
});
