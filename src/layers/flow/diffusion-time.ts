import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";

/** One time for each example: drawn anew at every step to train on, or the end, where sampling begins. */
export const diffusionTime = defineLayer({
  type: "diffusion-time",
  title: "Diffusion time",
  family: "flow",
  book: "14.1",
  aliases: ["ddpm", "ddim", "noise level", "timestep"],
  role: "source",
  params: z.object({
    at: choice(["random", "end"], { help: "Random: anywhere between data and noise, to train on. End: all noise, where sampling begins." }),
  }),
  inputs: {},
  outputs: ["t"],
  infer: () => ({ t: f32("batch") }),
  apply: (_x, _w, { at }, { rng, batch }) => ({ t: at === "random" ? rng.uniform([batch]) : tf.ones([batch]) }),
  summary: ({ at }) => at,
  explain: { summary: "How far each example has gone from data, 0, to noise, 1.", equation: "t \\sim \\operatorname{Uniform}[0, 1]" },
  examples: [{ inputs: {} }, { params: { at: "end" }, inputs: {} }],
});
