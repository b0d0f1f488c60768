import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, type Shape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/**
 * Rows by their numbers: `[rows, …]` and whole numbers `[…]` → the rows in their order. With a batch of tables, `[batch, rows, …]` and
 * `[batch, places]`, each example picks from its own.
 */
export const gather = defineLayer({
  type: "gather",
  title: "Gather",
  family: "arithmetic",
  book: "12.5.1",
  aliases: ["index", "lookup", "take rows", "select", "pick"],
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", rank: [2, 3, 4], help: "A table, its rows along the first axis; along the second if there is one for each example." },
    index: { dtype: "int32", rank: [1, 2], help: "Numbers of rows, from 0." },
  },
  outputs: ["y"],
  infer({ x, index }) {
    if (index.shape.length === 1) return { y: f32(...index.shape, ...x.shape.slice(1)) };
    const [batch, places] = index.shape as [Shape[number], Shape[number]];
    if (x.shape.length > 2 && x.shape[0] === batch) return { y: f32(batch, places, ...x.shape.slice(2)) };
    if (x.shape.length === 2 && x.shape[0] !== batch) return { y: f32(batch, places, ...x.shape.slice(1)) };
    return problem("Either all examples pick from one table, or there is a table for each.", {
      port: "x",
      expected: `[rows, …] or [${batch}, rows, …]`,
      received: formatShape(x.shape),
    });
  },
  apply({ x, index }) {
    if (index.rank === 1 || x.rank === 2) return { y: tf.gather(x, index as tf.Tensor1D) };
    // Each example's own table: a product with rows that have a single one.
    const [batch = 1, rows = 1, ...rest] = x.shape;
    const chosen = tf.cast(tf.equal(tf.reshape(index, [...index.shape, 1]), tf.range(0, rows, 1, "int32")), "float32");
    const width = rest.reduce((product, size) => product * size, 1);
    return { y: tf.reshape(tf.matMul(chosen, tf.reshape(x, [batch, rows, width])), [batch, index.shape[1] as number, ...rest]) };
  },
  explain: { summary: "Picks rows of a table by their numbers.", equation: "\\mathbf{y}_n = \\mathbf{x}_{i_n}" },
  examples: [
    { inputs: { x: f32(5, 3), index: { shape: ["batch"], dtype: "int32", classes: 5 } } },
    { inputs: { x: f32("batch", 4, 2), index: { shape: ["batch", 3], dtype: "int32", classes: 4 } } },
  ],
});
