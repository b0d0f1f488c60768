import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { scheduleParam, signalAndNoise } from "./diffusion.ts";

/** z = α[t] x + σ[t] ε: data on their way to noise, in one step whatever the time (Ho et al., 2020). A network learns to tell ε from z and t. */
export const diffuse = defineLayer({
  type: "diffuse",
  title: "Diffuse",
  family: "flow",
  book: "14.1",
  aliases: ["forward process", "ddpm", "noising", "diffusion"],
  params: z.object({ schedule: scheduleParam() }),
  inputs: {
    x: { dtype: "float32", help: "Data, best of mean 0 and variance 1: [batch, …]." },
    noise: { dtype: "float32", help: "Normal noise of the same shape." },
    t: { rank: 1, dtype: "float32", help: "Times from 0 (data) to 1 (noise): [batch]." },
  },
  outputs: ["y"],
  infer({ x, noise }) {
    if (sameShape(x.shape, noise.shape)) return { y: f32(...x.shape) };
    return problem("Data and noise have different shapes.", { port: "noise", expected: formatShape(x.shape), received: formatShape(noise.shape) });
  },
  apply({ x, noise, t }, _w, { schedule }) {
    const { alpha, sigma } = signalAndNoise(t, schedule, x);
    return { y: tf.add(tf.mul(alpha, x), tf.mul(sigma, noise)) };
  },
  summary: ({ schedule }) => schedule,
  explain: {
    summary: "Mixes data with noise, the more the later.",
    equation: "\\mathbf{z}_t = \\alpha_t \\mathbf{x} + \\sigma_t \\boldsymbol\\epsilon, \\quad \\alpha_t^2 + \\sigma_t^2 = 1",
  },
  examples: [
    { inputs: { x: f32("batch", 2), noise: f32("batch", 2), t: f32("batch") }, range: [0.05, 0.95] },
    { params: { schedule: "linear" }, inputs: { x: f32("batch", 2, 3, 1), noise: f32("batch", 2, 3, 1), t: f32("batch") }, range: [0.05, 0.95] },
  ],
});
