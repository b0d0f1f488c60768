import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { project } from "../attention/heads.ts";
import { defineLayer, isProblem, type Layer } from "../contract.ts";
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
 * Long short-term memory (Hochreiter and Schmidhuber, 1997), gates in the order that Keras and PyTorch share: input, forget, candidate,
 * output. `[batch, tokens, width] → [batch, tokens, units]`.
 */
export const lstm: Layer = defineLayer({
  type: "lstm",
  title: "LSTM",
  family: "attention",
  book: "12.5",
  aliases: ["long short-term memory", "recurrent", "rnn", "gates", "cell"],
  params: z.object(recurrentParams),
  inputs: {
    ...recurrentPorts,
    cell: { rank: 2, dtype: "float32", optional: true, help: "The cell before the first token, [batch, units]; zeros if unconnected." },
  },
  outputs: ["y", "state", "cell"],
  infer(x, { units }) {
    const types = recurrentTypes(x, units);
    return isProblem(types) ? types : { ...types, cell: types.state };
  },
  weights: ({ x }, { units, bias }) => ({
    kernel: gateKernel(x.shape[2] as number, units, 4),
    recurrent: recurrentKernel(units, 4),
    // The forget gate starts open, so that what is in the cell stays there until training says otherwise (Keras).
    bias: bias ? { shape: [4 * units], init: { parts: [0, 1, 0, 0] } } : undefined,
  }),
  apply({ x, start, cell, mask }, w, { units, reverse }) {
    const inputs = project(x, w.kernel, w.bias);
    const step = (input: tf.Tensor, [h, c]: readonly tf.Tensor[]) => {
      const gates = tf.add(input, tf.matMul(h as tf.Tensor2D, w.recurrent as tf.Tensor2D));
      const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const next = tf.add(tf.mul(tf.sigmoid(f), c as tf.Tensor), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next];
    };
    const states = [start ?? zeroState(inputs, units), cell ?? zeroState(inputs, units)];
    const { y, last } = unroll(inputs, states, step, { mask, reverse });
    return { y, state: last[0] as tf.Tensor, cell: last[1] as tf.Tensor };
  },
  advance: (x, w, p, ctx) => advanceRecurrent(lstm, x, w, p, ctx, { start: "state", cell: "cell" }),
  cost: ({ x }, _y, { units }) => recurrentCost(x, units, 4),
  summary: recurrentSummary,
  explain: {
    summary: "A recurrent layer with a cell that gates write to, keep and read.",
    equation:
      "\\mathbf{c}_n = \\mathbf{f}_n \\odot \\mathbf{c}_{n-1} + \\mathbf{i}_n \\odot \\tanh \\mathbf{g}_n, \\quad \\mathbf{h}_n = \\mathbf{o}_n \\odot \\tanh \\mathbf{c}_n",
  },
  examples: [
    { params: { units: 3 }, inputs: { x: f32("batch", 4, 2) } },
    { params: { units: 2, reverse: true, bias: false }, inputs: { x: f32("batch", 3, 2), mask: i32(["batch", 3], 2) } },
    { params: { units: 2 }, inputs: { x: f32("batch", 3, 1), start: f32("batch", 2), cell: f32("batch", 2) } },
  ],
});
