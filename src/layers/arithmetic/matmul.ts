import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { flag } from "../params.ts";
import { broadcastShape } from "./broadcast.ts";

/** The matrix product of the last two axes, one product for each index of the axes before: `[…, n, k] · […, k, m]` → `[…, n, m]`. */
export const matmul = defineLayer({
  type: "matmul",
  title: "Matrix product",
  family: "arithmetic",
  book: "12.2.1",
  aliases: ["matmul", "dot product", "gemm", "bmm", "multiply matrices"],
  params: z.object({
    transposeA: flag({ title: "Transpose a", help: "Swap the last two axes of a first." }),
    transposeB: flag({ title: "Transpose b", help: "Swap the last two axes of b first." }),
  }),
  inputs: {
    a: { rank: [2, 3, 4, 5], dtype: "float32", help: "[…, n, k]." },
    b: { rank: [2, 3, 4, 5], dtype: "float32", help: "[…, k, m]; axes before the last two as in a, or 1, or left out." },
  },
  outputs: ["y"],
  infer({ a, b }, { transposeA, transposeB }) {
    const [n, k] = lastTwo(a.shape, transposeA);
    const [inner, m] = lastTwo(b.shape, transposeB);
    const before = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
    if (k !== inner || before === undefined)
      return problem(k !== inner ? "The inner sizes of a matrix product must agree." : "The axes before the last two must agree.", {
        port: "b",
        expected: formatShape([...a.shape.slice(0, -2), ...(transposeB ? ["m", k] : [k, "m"])]),
        received: formatShape(b.shape),
        ...(k !== inner && k === m && { mend: { label: "Transpose b", kind: "set", params: { transposeB: !transposeB } } }),
      });
    return { y: f32(...before, n, m) };
  },
  apply: ({ a, b }, _w, { transposeA, transposeB }) => ({ y: tf.matMul(a, b, transposeA, transposeB) }),
  cost: ({ a }, { y }, { transposeA }) => elementsPerExample(y.shape) * elementsPerExample([lastTwo(a.shape, transposeA)[1]]),
  summary: ({ transposeA, transposeB }) => `a${transposeA ? "ᵀ" : ""} · b${transposeB ? "ᵀ" : ""}`,
  explain: { summary: "Multiplies matrices: rows of one with columns of the other.", equation: "\\mathbf{Y} = \\mathbf{A}\\mathbf{B}" },
  examples: [
    { inputs: { a: f32("batch", 3, 2), b: f32("batch", 2, 4) } },
    { params: { transposeB: true }, inputs: { a: f32("batch", 3, 2), b: f32("batch", 3, 2) } },
    { params: { transposeA: true }, inputs: { a: f32(3, 2), b: f32(3, 4) } },
    { inputs: { a: f32("batch", 2, 3, 4), b: f32("batch", 2, 4, 3) } },
  ],
});

function lastTwo(shape: readonly Dim[], transposed: boolean): [Dim, Dim] {
  const [rows, columns] = shape.slice(-2) as [Dim, Dim];
  return transposed ? [columns, rows] : [rows, columns];
}
