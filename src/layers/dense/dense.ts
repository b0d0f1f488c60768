import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, gainParam, int } from "../params.ts";

/** h = xΩ + β over the last axis, whatever comes before it: `[batch, …, in] → [batch, …, units]`. */
export const dense = defineLayer({
  type: "dense",
  title: "Linear",
  family: "dense",
  book: "3.3",
  aliases: ["dense", "fully connected", "perceptron", "projection", "1x1"],
  params: z.object({
    units: int({ min: 1, help: "Number of outputs, one for each weighted sum.", default: 10 }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
    init: choice(["he-normal", "glorot-uniform", "zeros"], { title: "Initialiser", help: "How the weights start: He suits ReLU, Glorot the rest." }),
    gain: gainParam,
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor; its last axis is transformed." } },
  outputs: ["y"],
  infer({ x }, { units }) {
    const size = x.shape.at(-1);
    if (x.shape.length < 2) return problem("A linear layer needs a batch axis and a feature axis.", { port: "x", expected: "[batch, …, features]" });
    if (typeof size !== "number")
      return problem("The last axis has no fixed size, so the weights cannot have one.", { port: "x", expected: "a number of features" });
    return { y: f32(...x.shape.slice(0, -1), units) };
  },
  weights({ x }, { units, bias, init, gain }) {
    const size = x.shape.at(-1) as number;
    return { kernel: { shape: [size, units], init, gain }, bias: bias ? { shape: [units], init: "zeros" } : undefined };
  },
  apply({ x }, w) {
    const size = x.shape.at(-1) as number;
    const rows = x.rank === 2 ? (x as tf.Tensor2D) : tf.reshape<tf.Rank.R2>(x, [-1, size]);
    const y = tf.fused.matMul({ a: rows, b: w.kernel as tf.Tensor2D, ...(w.bias && { bias: w.bias }) });
    return { y: x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), y.shape[1] as number]) };
  },
  cost: ({ x }, { y }) => y.shape.concat(x.shape.at(-1) as number).reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1),
  summary: ({ units }) => `${units} units`,
  explain: {
    summary: "A weighted sum of all inputs for each output.",
    equation: "\\mathbf{h} = \\boldsymbol\\beta + \\boldsymbol\\Omega\\,\\mathbf{x}",
  },
  examples: [
    { params: { units: 4 }, inputs: { x: f32("batch", 3) } },
    { params: { units: 2, bias: false }, inputs: { x: f32("batch", 5, 3) } },
  ],
});
