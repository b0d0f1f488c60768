import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, ints, real } from "../params.ts";
import { truncatedNormal } from "./truncated.ts";

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
    truncation: real({
      min: 0,
      max: 10,
      default: 0,
      help: "Normal numbers further from 0 than this are not drawn (15.3: truncation); 0 for no limit.",
    }),
  }),
  inputs: {},
  outputs: ["x"],
  infer: (_x, { shape }) => ({ x: f32("batch", ...(shape as Dim[])) }),
  apply(_x, _w, { shape, distribution, truncation }, { rng, batch }) {
    const sizes = [batch, ...shape];
    if (distribution === "normal" && truncation > 0) return { x: truncatedNormal(rng.uniform(sizes), truncation) };
    return { x: distribution === "normal" ? rng.normal(sizes) : tf.sub(tf.mul(rng.uniform(sizes), 2), 1) };
  },
  relevant: ({ distribution }) => (distribution === "normal" ? ["shape", "distribution", "truncation"] : ["shape", "distribution"]),
  summary: ({ shape, distribution, truncation }) =>
    `${distribution} ${shape.join(" × ")}${distribution === "normal" && truncation > 0 ? ` · within ${truncation}` : ""}`,
  explain: {
    summary: "Fresh random numbers at every step.",
    equation: "\\mathbf{z} \\sim \\operatorname{Norm}_{\\mathbf{z}}[\\mathbf{0}, \\mathbf{I}]",
  },
  examples: [{ inputs: {} }, { params: { shape: [3, 2], distribution: "uniform" }, inputs: {} }, { params: { truncation: 0.8 }, inputs: {} }],
});
