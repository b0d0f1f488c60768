import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flag, ints, real } from "../params.ts";

/** A tensor of one number, or a learned one of that start: a target for a loss, a generator's first map, a bias that is drawn. */
export const constant = defineLayer({
  type: "constant",
  title: "Constant",
  family: "data",
  book: "15.6",
  aliases: ["ones", "zeros", "fill", "learned constant", "parameter", "variable"],
  role: "source",
  params: z.object({
    shape: ints({ min: 1, length: [0, 8], default: [], help: "Its sizes; empty for a single number. Put 1 where it is to be repeated." }),
    value: real({ default: 1, help: "The number that it holds everywhere, or the mean that it starts from." }),
    learned: flag({ help: "A weight that training moves." }),
    deviation: real({ min: 0, max: 100, default: 0, help: "Learned only: the standard deviation it starts with." }),
  }),
  inputs: {},
  outputs: ["y"],
  infer: (_x, { shape }) => ({ y: f32(...shape) }),
  weights: (_x, { shape, learned, deviation }) => ({
    value: learned ? ({ shape, init: deviation > 0 ? { normal: deviation } : "zeros", decay: false } as const) : undefined,
  }),
  apply: (_x, { value: weight }, { shape, value }) => ({ y: weight ? tf.add(weight, value) : tf.fill([...shape], value) }),
  relevant: ({ learned }) => ["shape", "value", "learned", ...(learned ? ["deviation"] : [])],
  summary: ({ shape, value, learned }) => `${learned ? "learned" : value}${shape.length > 0 ? ` · ${shape.join(" × ")}` : ""}`,
  explain: { summary: "Gives the same tensor at every step: a fixed number, or a learned one." },
  examples: [
    { inputs: {} },
    { params: { shape: [2, 3], value: -1 }, inputs: {} },
    { params: { shape: [4], learned: true, deviation: 0.1 }, inputs: {} },
  ],
});
