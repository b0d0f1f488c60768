import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { flag, real } from "../params.ts";

/** Each position to mean 0 and variance 1 over its last axis. */
export function standardise(x: tf.Tensor, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

/** Each position to mean 0 and variance 1 over its last axis, then a learned scale and offset for each channel. */
export const layerNorm = defineLayer({
  type: "layer-norm",
  title: "Layer normalisation",
  family: "normalisation",
  book: "12.4",
  aliases: ["layernorm", "ln", "normalization", "transformer"],
  params: z.object({
    epsilon: real({ min: 1e-8, max: 1, default: 1e-5, help: "Added to the variance, so that a constant position does not divide by zero." }),
    affine: flag({ default: true, help: "Learn a scale and an offset for each channel." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis is normalised." } },
  outputs: ["y"],
  infer({ x }) {
    if (x.shape.length < 2 || typeof x.shape.at(-1) !== "number")
      return problem("Layer normalisation needs a last axis of fixed size.", {
        port: "x",
        expected: "[batch, …, channels]",
        received: formatShape(x.shape),
      });
    return { y: f32(...x.shape) };
  },
  weights({ x }, { affine }) {
    const shape = [x.shape.at(-1) as number];
    return { gamma: affine ? { shape, init: "ones" } : undefined, beta: affine ? { shape, init: "zeros" } : undefined };
  },
  apply({ x }, w, { epsilon }) {
    const y = standardise(x, epsilon);
    return { y: w.gamma && w.beta ? tf.add(tf.mul(y, w.gamma), w.beta) : y };
  },
  cost: ({ x }) => x.shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1),
  summary: ({ affine }) => (affine ? "" : "no scale or offset"),
  explain: {
    summary: "Centres and scales each position over its own channels; examples do not mix.",
    equation: "\\mathbf{y} = \\boldsymbol\\gamma \\odot \\frac{\\mathbf{x} - \\bar{x}}{\\sqrt{s^2 + \\epsilon}} + \\boldsymbol\\beta",
  },
  examples: [{ inputs: { x: f32("batch", 4) } }, { params: { affine: false }, inputs: { x: f32("batch", 3, 5) } }],
});
