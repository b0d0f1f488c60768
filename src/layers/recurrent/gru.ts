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

/**
 * Gated recurrent unit (Cho et al., 2014) with the reset gate behind the product, as PyTorch has it and Keras by default; gates in
 * Keras's order: update, reset, candidate. `[batch, tokens, width] → [batch, tokens, units]`.
 */
export const gru: Layer = defineLayer({
  type: "gru",
  title: "GRU",
  family: "attention",
  book: "12.5",
  aliases: ["gated recurrent unit", "recurrent", "rnn", "gates"],
  params: z.object(recurrentParams),
  inputs: recurrentPorts,
  outputs: ["y", "state"],
  infer: (x, { units }) => recurrentTypes(x, units),
  weights({ x }, { units, bias }) {
    const offset = bias ? ({ shape: [3 * units], init: "zeros" } as const) : undefined;
    return { kernel: gateKernel(x.shape[2] as number, units, 3), recurrent: recurrentKernel(units, 3), bias: offset, recurrentBias: offset };
  },
  apply({ x, start, mask }, w, { units, reverse }) {
    const inputs = project(x, w.kernel, w.bias);
    const bias = w.recurrentBias as tf.Tensor1D | undefined;
    const cell = (input: tf.Tensor, [h]: readonly tf.Tensor[]) => {
      const before = h as tf.Tensor2D;
      const carried = tf.fused.matMul({ a: before, b: w.recurrent as tf.Tensor2D, ...(bias && { bias }) });
      const [xz, xr, xn] = tf.split(input, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const [hz, hr, hn] = tf.split(carried, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const update = tf.sigmoid(tf.add(xz, hz));
      const candidate = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
      return [tf.add(candidate, tf.mul(update, tf.sub(before, candidate)))];
    };
    const { y, last } = unroll(inputs, [start ?? zeroState(inputs, units)], cell, { mask, reverse });
    return { y, state: last[0] as tf.Tensor };
  },
  advance: (x, w, p, ctx) => advanceRecurrent(gru, x, w, p, ctx),
  cost: ({ x }, _y, { units }) => recurrentCost(x, units, 3),
  summary: recurrentSummary,
  explain: {
    summary: "A recurrent layer whose gates choose between what it knew and what it reads.",
    equation:
      "\\mathbf{h}_n = \\mathbf{z}_n \\odot \\mathbf{h}_{n-1} + (1 - \\mathbf{z}_n) \\odot \\tanh[\\boldsymbol\\Omega_x \\mathbf{x}_n + \\mathbf{r}_n \\odot \\boldsymbol\\Omega_h \\mathbf{h}_{n-1}]",
  },
  examples: [
    { params: { units: 3 }, inputs: { x: f32("batch", 4, 2) } },
    { params: { units: 2, reverse: true, bias: false }, inputs: { x: f32("batch", 3, 2), mask: i32(["batch", 3], 2) } },
    { params: { units: 3 }, inputs: { x: f32("batch", 3, 2), start: f32("batch", 3) } },
  ],
});
