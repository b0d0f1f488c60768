import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, ints } from "../params.ts";

/** Fresh random numbers at every step, one draw for each example: what a generator turns into samples. */
export const noise = defineLayer({
  type: "noise",
  title: "Noise",
  family: "data",
  book: "15.1",
  aliases: ["random", "latent", "gaussian", "normal", "uniform", "generator"],
  role: "source",
  params: z.object({
    shape: ints({ min: 1, default: [2], help: "Sizes of one draw, without the batch axis." }),
    distribution: choice(["normal", "uniform"], { help: "Normal: mean 0, variance 1. Uniform: between −1 and 1." }),
  }),
  inputs: {},
  outputs: ["x"],
  infer: (_x, { shape }) => ({ x: f32("batch", ...(shape as Dim[])) }),
  apply(_x, _w, { shape, distribution }, { rng, batch }) {
    const sizes = [batch, ...shape];
    return { x: distribution === "normal" ? rng.normal(sizes) : tf.sub(tf.mul(rng.uniform(sizes), 2), 1) };
  },
  summary: ({ shape, distribution }) => `${distribution} ${shape.join(" × ")}`,
  explain: {
    summary: "Fresh random numbers at every step.",
    equation: "\\mathbf{z} \\sim \\operatorname{Norm}_{\\mathbf{z}}[\\mathbf{0}, \\mathbf{I}]",
  },
  examples: [{ inputs: {} }, { params: { shape: [3, 2], distribution: "uniform" }, inputs: {} }],
});
