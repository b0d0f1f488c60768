import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, i32, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { detached } from "../held.ts";
import { real } from "../params.ts";

/**
 * One of the classes on the last axis, drawn with the probabilities that scores give: argmax of s/T + Gumbel noise −log(−log u).
 * With `noise` wired, that noise u decides: a network whose outputs are drawn one after the other can then be applied to all places
 * at once, again and again with the same noise; each time one more place is as it would be, drawn in turn.
 */
export const sampleCategory = defineLayer({
  type: "sample-category",
  title: "Sample category",
  family: "flow",
  book: "12.7.3",
  aliases: ["categorical", "multinomial", "gumbel", "autoregressive"],
  params: z.object({
    temperature: real({ min: 0.01, max: 100, default: 1, help: "Below 1 likely classes become likelier; above 1 all become alike." }),
  }),
  inputs: {
    x: { dtype: "float32", help: "Scores before a softmax: [batch, …, classes]." },
    noise: {
      dtype: "float32",
      optional: true,
      help: "Uniform noise from −1 to 1 in the shape of the scores; fresh at each use if nothing is wired.",
    },
  },
  outputs: ["y"],
  infer({ x, noise }) {
    const classes = x.shape.at(-1);
    if (x.shape.length < 2 || typeof classes !== "number")
      return problem("The number of classes is not known.", { port: "x", expected: "[batch, …, classes]", received: formatShape(x.shape) });
    if (noise && !sameShape(noise.shape, x.shape))
      return problem("Scores and noise have different shapes.", {
        port: "noise",
        expected: formatShape(x.shape),
        received: formatShape(noise.shape),
      });
    return { y: i32(x.shape.slice(0, -1), classes) };
  },
  apply: ({ x, noise }, _w, { temperature }, { rng }) => ({
    y: detached(() => {
      const uniform = noise ? tf.mul(tf.add(noise, 1), 0.5) : rng.uniform(x.shape);
      const gumbel = tf.neg(tf.log(tf.neg(tf.log(tf.clipByValue(uniform, 1e-6, 1 - 1e-6)))));
      return tf.argMax(tf.add(tf.div(x, temperature), gumbel), -1);
    }),
  }),
  differentiable: false,
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ temperature }) => (temperature === 1 ? "" : `temperature ${temperature}`),
  explain: {
    summary: "Draws a class from the probabilities that scores give.",
    equation: "y \\sim \\operatorname{Cat}\\big[\\operatorname{softmax}[\\mathbf{s}/T]\\big]",
  },
  examples: [
    { inputs: { x: f32("batch", 4) } },
    { inputs: { x: f32("batch", 3, 5), noise: f32("batch", 3, 5) } },
    { params: { temperature: 0.5 }, inputs: { x: f32("batch", 3) } },
  ],
});
