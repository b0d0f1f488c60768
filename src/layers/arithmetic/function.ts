import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";

/** Below this, logarithms, roots and quotients take its value instead: a step never becomes infinite by one number. */
const least = 1e-7;

const names = ["exp", "log", "square", "sqrt", "abs", "negate", "reciprocal", "sin", "cos", "sign", "round"] as const;

/** log and sqrt take the least number in place of anything below it. */
const functions = (): Readonly<Record<(typeof names)[number], (x: tf.Tensor) => tf.Tensor>> => ({
  exp: tf.exp,
  log: (x) => tf.log(tf.maximum(x, least)),
  square: tf.square,
  sqrt: (x) => tf.sqrt(tf.maximum(x, least)),
  abs: tf.abs,
  negate: tf.neg,
  reciprocal: tf.reciprocal,
  sin: tf.sin,
  cos: tf.cos,
  sign: tf.sign,
  round: tf.round,
});

/** A function of each element: what is not in the catalogue can be drawn. */
export const elementFunction = defineLayer({
  type: "function",
  title: "Function",
  family: "arithmetic",
  book: "3.1",
  aliases: ["exp", "log", "sqrt", "square", "abs", "negate", "reciprocal", "sin", "cos", "sign", "round", "elementwise"],
  params: z.object({
    function: choice(names, { help: "Applied to each element; log and sqrt take 10⁻⁷ in place of anything less." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor, a single number included." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }, _w, { function: name }) => ({ y: functions()[name](x) }),
  cost: (_x, { y }) => elementsPerExample(y.shape),
  summary: ({ function: name }) => name,
  explain: { summary: "Applies a function to each element.", equation: "\\mathbf{y} = f[\\mathbf{x}]" },
  // Not sin and cos, of which WebGPU promises an accuracy of 2⁻¹¹ only.
  examples: (["exp", "log", "square", "sqrt", "abs", "negate", "reciprocal"] as const).map((name) => ({
    params: { function: name },
    inputs: { x: f32("batch", 3) },
    range: [0.3, 2] as const,
  })),
});
