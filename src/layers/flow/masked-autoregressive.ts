import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem, type WeightSpec } from "../contract.ts";
import { choice, flag, int, real } from "../params.ts";
import { flowTypes } from "./per-example.ts";

/**
 * Every feature is scaled and shifted by a network that sees those before it alone: y_d = x_d · exp(s_d[x_<d]) + t_d[x_<d]. One network with
 * masked weights finds all at once (MADE, Germain et al., 2015); log|∂y/∂x| = Σ s_d. Undoing it takes one pass for each feature. From data
 * to noise it is a masked autoregressive flow, from noise to data an inverse one (UDL 16.3.4).
 */
export const maskedAutoregressive = defineLayer({
  type: "masked-autoregressive",
  title: "Masked autoregressive",
  family: "flow",
  book: "16.3.4",
  aliases: ["maf", "iaf", "made", "inverse autoregressive", "normalising flow"],
  params: z.object({
    hidden: int({ min: 1, max: 10_000, default: 64, title: "Hidden units", help: "Units in each hidden layer." }),
    layers: int({ min: 1, max: 16, default: 2, title: "Hidden layers", help: "Hidden layers of the masked network." }),
    activation: choice(["relu", "tanh"], { help: "Between its layers: ReLU learns quicker, tanh gives smooth densities." }),
    reverse: flag({ help: "The last feature comes first; alternate it from one layer to the next." }),
    clamp: real({ min: 0.01, max: 20, default: 2, help: "Largest absolute log-scale, approached smoothly." }),
  }),
  inputs: { x: { rank: 2, dtype: "float32", help: "Vectors: [batch, features]." } },
  outputs: ["y", "logdet"],
  infer({ x }) {
    const types = flowTypes(x);
    if (isProblem(types) || Number(x.shape[1]) >= 2) return types;
    return problem("There is nothing before a single feature; use two or more.", {
      port: "x",
      expected: "at least 2 features",
      received: `${x.shape[1]}`,
    });
  },
  weights({ x }, { hidden, layers, activation }) {
    const size = x.shape[1] as number;
    const specs: Record<string, WeightSpec> = {};
    for (let i = 0; i <= layers; i++) {
      const units = i === layers ? 2 * size : hidden;
      const init = i === layers ? "zeros" : activation === "relu" ? "he-normal" : "glorot-uniform";
      specs[`kernel${i}`] = { shape: [i === 0 ? size : hidden, units], init };
      specs[`bias${i}`] = { shape: [units], init: "zeros" };
    }
    return specs;
  },
  apply({ x }, w, p) {
    const { logScale, shift } = network(x, w, p);
    return { y: tf.add(tf.mul(x, tf.exp(logScale)), shift), logdet: tf.sum(logScale, 1) };
  },
  inverse({ y }, w, p) {
    // After d passes the first d features are right, whatever the others were.
    let x = tf.zerosLike(y);
    let sum: tf.Tensor | undefined;
    for (let d = 0; d < (y.shape[1] as number); d++) {
      const { logScale, shift } = network(x, w, p);
      x = tf.mul(tf.sub(y, shift), tf.exp(tf.neg(logScale)));
      sum = logScale;
    }
    return { x, logdet: tf.neg(tf.sum(sum ?? x, 1)) };
  },
  cost({ x }, _, { hidden, layers }) {
    const size = Number(x.shape[1]);
    return 3 * size * hidden + (layers - 1) * hidden * hidden + size;
  },
  summary: ({ hidden, layers, reverse }) => `${layers} × ${hidden}${reverse ? " · reversed" : ""}`,
  explain: {
    summary: "Every feature is scaled and shifted by what a masked network makes of those before it.",
    equation:
      "y_d = x_d \\, e^{s_d[\\mathbf{x}_{1\\ldots d-1}]} + t_d[\\mathbf{x}_{1\\ldots d-1}], \\quad \\log\\left|\\frac{\\partial\\mathbf{y}}{\\partial\\mathbf{x}}\\right| = \\sum_d s_d",
  },
  examples: [
    { params: { hidden: 5, activation: "tanh" }, inputs: { x: f32("batch", 3) } },
    { params: { hidden: 4, layers: 1, activation: "tanh", reverse: true }, inputs: { x: f32("batch", 2) } },
  ],
});

interface Network {
  readonly layers: number;
  readonly hidden: number;
  readonly activation: "tanh" | "relu";
  readonly reverse: boolean;
  readonly clamp: number;
}

/** Log-scales and shifts `[batch, features]`, each from the features before it. */
function network(x: tf.Tensor, w: Readonly<Record<string, tf.Tensor | undefined>>, { layers, hidden, activation, reverse, clamp }: Network) {
  const size = x.shape[1] as number;
  const places = Array.from({ length: size }, (_, i) => (reverse ? size - i : i + 1));
  const units = Array.from({ length: hidden }, (_, j) => 1 + (j % (size - 1)));
  let h = x;
  for (let i = 0; i <= layers; i++) {
    const last = i === layers;
    const from = i === 0 ? places : units;
    const to = last ? [...places, ...places] : units;
    const mask = tf.tensor2d(
      from.map((before) => to.map((after) => ((last ? after > before : after >= before) ? 1 : 0))),
      [from.length, to.length],
    );
    const sum = tf.add(tf.matMul(h as tf.Tensor2D, tf.mul(w[`kernel${i}`] as tf.Tensor2D, mask)), w[`bias${i}`] as tf.Tensor);
    h = last ? sum : activation === "relu" ? tf.relu(sum) : tf.tanh(sum);
  }
  const [scale, shift] = tf.split(h, 2, 1) as [tf.Tensor, tf.Tensor];
  return { logScale: tf.mul(tf.tanh(tf.div(scale, clamp)), clamp), shift };
}
