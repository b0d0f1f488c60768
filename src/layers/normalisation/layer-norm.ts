import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag } from "../params.ts";
import { epsilonParam, pointwiseCost, standardise } from "./channels.ts";

/**
 * Each position to mean 0 and variance 1 over its last axis (transformers), or each whole example over all its axes (figure 11.14c),
 * then a learned scale and offset for each channel.
 */
export const layerNorm = defineLayer({
  type: "layer-norm",
  title: "Layer normalisation",
  family: "normalisation",
  book: "12.4",
  aliases: ["layernorm", "ln", "normalization", "transformer"],
  params: z.object({
    epsilon: epsilonParam,
    over: choice(["channels", "example"], { help: "Statistics over each position's channels, or over all positions and channels of an example." }),
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
  apply({ x }, w, { epsilon, over }) {
    const axes = over === "channels" ? [x.rank - 1] : Array.from({ length: x.rank - 1 }, (_, i) => i + 1);
    const y = standardise(x, axes, epsilon);
    return { y: w.gamma && w.beta ? tf.add(tf.mul(y, w.gamma), w.beta) : y };
  },
  cost: ({ x }) => pointwiseCost(x),
  summary: ({ affine, over }) => [over === "example" ? "whole examples" : "", affine ? "" : "no scale or offset"].filter(Boolean).join(" · "),
  explain: {
    summary: "Centres and scales each position over its own channels, or each whole example; examples do not mix.",
    equation: "\\mathbf{y} = \\boldsymbol\\gamma \\odot \\frac{\\mathbf{x} - \\bar{x}}{\\sqrt{s^2 + \\epsilon}} + \\boldsymbol\\beta",
  },
  examples: [
    { inputs: { x: f32("batch", 4) } },
    { params: { affine: false }, inputs: { x: f32("batch", 3, 5) } },
    { params: { over: "example" }, inputs: { x: f32("batch", 2, 3, 2) } },
  ],
});
