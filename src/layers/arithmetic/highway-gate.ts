import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { real } from "../params.ts";

/**
 * y = t ⊙ h + (1 − t) ⊙ x with t = σ(xΩ + β) over the last axis (Srivastava et al., 2015): a residual connection whose two
 * branches are weighed by the data. β starts below 0, so that at first nearly everything is carried past.
 */
export const highwayGate = defineLayer({
  type: "highway-gate",
  title: "Highway gate",
  family: "arithmetic",
  book: "11.2",
  aliases: ["highway network", "carry gate", "transform gate", "gated skip"],
  params: z.object({
    bias: real({ min: -20, max: 20, default: -2, help: "Where the gate's offset starts; below 0 the input is carried past at first." }),
  }),
  inputs: {
    x: { dtype: "float32", help: "What came in: it is carried past, and it sets the gate." },
    h: { dtype: "float32", help: "What the layers made of it, of the same shape." },
  },
  outputs: ["y"],
  infer({ x, h }) {
    if (x.shape.length < 2 || typeof x.shape.at(-1) !== "number")
      return problem("The gate needs a batch axis and a last axis of fixed size.", {
        port: "x",
        expected: "[batch, …, channels]",
        received: formatShape(x.shape),
      });
    if (!sameShape(x.shape, h.shape))
      return problem("Only tensors of the same shape can be blended.", { port: "h", expected: formatShape(x.shape), received: formatShape(h.shape) });
    return { y: f32(...x.shape) };
  },
  weights({ x }, { bias }) {
    const size = x.shape.at(-1) as number;
    return { kernel: { shape: [size, size], init: "glorot-uniform" }, bias: { shape: [size], init: { constant: bias } } };
  },
  apply({ x, h }, w) {
    const size = x.shape.at(-1) as number;
    const rows = tf.reshape<tf.Rank.R2>(x, [-1, size]);
    const gate = tf.reshape(tf.sigmoid(tf.fused.matMul({ a: rows, b: w.kernel as tf.Tensor2D, bias: w.bias })), x.shape);
    return { y: tf.add(x, tf.mul(gate, tf.sub(h, x))) };
  },
  cost: ({ x }) => elementsPerExample(x.shape) * (x.shape.at(-1) as number),
  summary: ({ bias }) => `bias from ${bias}`,
  explain: {
    summary: "Blends a branch with what was given to it; the input itself says how much of each.",
    equation:
      "\\mathbf{y} = \\mathbf{t} \\odot \\mathbf{h} + (1 - \\mathbf{t}) \\odot \\mathbf{x}, \\quad \\mathbf{t} = \\operatorname{sig}[\\boldsymbol\\beta + \\boldsymbol\\Omega\\mathbf{x}]",
  },
  examples: [
    { inputs: { x: f32("batch", 3), h: f32("batch", 3) } },
    { params: { bias: 0 }, inputs: { x: f32("batch", 2, 3, 2), h: f32("batch", 2, 3, 2) } },
  ],
});
