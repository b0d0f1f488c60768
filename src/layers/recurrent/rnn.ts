import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { project } from "../attention/heads.ts";
import { defineLayer, type Layer } from "../contract.ts";
import { advanceRecurrent } from "./advance.ts";
import {
  gateKernel,
  recurrentCost,
  recurrentKernel,
  recurrentParams,
  recurrentPorts,
  recurrentSummary,
  recurrentTypes,
  unroll,
  zeroState,
} from "./unroll.ts";

/** h_n = tanh(x_n W + h_{n−1} U + b), as Keras's SimpleRNN and PyTorch's RNN: `[batch, tokens, width] → [batch, tokens, units]`. */
export const rnn: Layer = defineLayer({
  type: "rnn",
  title: "Recurrent layer",
  family: "attention",
  book: "12.5",
  aliases: ["simple rnn", "elman", "recurrent neural network", "sequence", "state"],
  params: z.object(recurrentParams),
  inputs: recurrentPorts,
  outputs: ["y", "state"],
  infer: (x, { units }) => recurrentTypes(x, units),
  weights: ({ x }, { units, bias }) => ({
    kernel: gateKernel(x.shape[2] as number, units, 1),
    recurrent: recurrentKernel(units, 1),
    bias: bias ? { shape: [units], init: "zeros" } : undefined,
  }),
  apply({ x, start, mask }, w, { units, reverse }) {
    const inputs = project(x, w.kernel, w.bias);
    const cell = (input: tf.Tensor, [h]: readonly tf.Tensor[]) => [tf.tanh(tf.add(input, tf.matMul(h as tf.Tensor2D, w.recurrent as tf.Tensor2D)))];
    const { y, last } = unroll(inputs, [start ?? zeroState(inputs, units)], cell, { mask, reverse });
    return { y, state: last[0] as tf.Tensor };
  },
  advance: (x, w, p, ctx) => advanceRecurrent(rnn, x, w, p, ctx),
  cost: ({ x }, _y, { units }) => recurrentCost(x, units, 1),
  summary: recurrentSummary,
  explain: {
    summary: "Reads tokens one after the other and carries a state along.",
    equation: "\\mathbf{h}_n = \\tanh[\\boldsymbol\\beta + \\boldsymbol\\Omega_x \\mathbf{x}_n + \\boldsymbol\\Omega_h \\mathbf{h}_{n-1}]",
  },
  examples: [
    { params: { units: 3 }, inputs: { x: f32("batch", 4, 2) } },
    { params: { units: 2, reverse: true, bias: false }, inputs: { x: f32("batch", 3, 2), mask: i32(["batch", 3], 2) } },
    { params: { units: 3 }, inputs: { x: f32("batch", 3, 2), start: f32("batch", 3) } },
  ],
});
