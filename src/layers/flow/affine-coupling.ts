import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem, type WeightSpec } from "../contract.ts";
import { choice, flag, int, real } from "../params.ts";

/**
 * One part of x passes through unchanged and decides, by a small network, how the other is scaled and shifted:
 * y₁ = x₁, y₂ = x₂ ⊙ exp(s[x₁]) + t[x₁]; log|∂y/∂x| = Σ s (UDL 16.3.3; Dinh et al., 2017).
 * The network's last layer starts at zero, so the layer starts as the identity.
 */
export const affineCoupling = defineLayer({
  type: "affine-coupling",
  title: "Affine coupling",
  family: "flow",
  book: "16.3.3",
  aliases: ["normalizing flow", "normalising flow", "real nvp", "glow", "invertible", "bijector"],
  params: z.object({
    hidden: int({
      min: 1,
      max: 100_000,
      title: "Hidden units",
      help: "Units in each hidden layer of the network that finds scale and shift.",
      default: 64,
    }),
    layers: int({ min: 1, max: 16, title: "Hidden layers", help: "Hidden layers of that network.", default: 2 }),
    activation: choice(["relu", "tanh"], { help: "Between its layers: ReLU learns quicker, tanh gives smooth densities." }),
    swap: flag({ help: "Pass the second part through and change the first; alternate it from one coupling to the next." }),
    clamp: real({ min: 0.01, max: 20, help: "Largest absolute log-scale, approached smoothly: keeps early training from exploding.", default: 2 }),
  }),
  inputs: { x: { rank: 2, dtype: "float32", help: "Vectors: [batch, features]." } },
  outputs: ["y", "logdet"],
  infer({ x }) {
    const [batch, size] = x.shape;
    if (typeof size !== "number") return problem("The vectors have no fixed length.", { port: "x", expected: "[batch, features]" });
    if (size < 2)
      return problem("A coupling splits its input in two parts, so it needs two features or more.", {
        port: "x",
        expected: "at least 2 features",
        received: `${size}`,
      });
    return { y: f32(...x.shape), logdet: f32(batch ?? "batch") };
  },
  weights({ x }, { hidden, layers, activation, swap }) {
    const { kept, changed } = parts(x.shape[1] as number, swap);
    const specs: Record<string, WeightSpec> = {};
    for (let i = 0; i <= layers; i++) {
      const last = i === layers;
      const units = last ? 2 * changed : hidden;
      specs[`kernel${i}`] = {
        shape: [i === 0 ? kept : hidden, units],
        init: last ? "zeros" : activation === "relu" ? "he-normal" : "glorot-uniform",
      };
      specs[`bias${i}`] = { shape: [units], init: "zeros" };
    }
    return specs;
  },
  apply({ x }, w, p) {
    const [kept, changed] = divide(x, p.swap);
    const { logScale, shift } = conditioner(kept, w, p);
    const y = join(kept, tf.add(tf.mul(changed, tf.exp(logScale)), shift), p.swap);
    return { y, logdet: tf.sum(logScale, 1) };
  },
  inverse({ y }, w, p) {
    const [kept, changed] = divide(y, p.swap);
    const { logScale, shift } = conditioner(kept, w, p);
    return { x: join(kept, tf.mul(tf.sub(changed, shift), tf.exp(tf.neg(logScale))), p.swap), logdet: tf.neg(tf.sum(logScale, 1)) };
  },
  cost({ x }, _, { hidden, layers, swap }) {
    const { kept, changed } = parts(x.shape[1] as number, swap);
    return kept * hidden + (layers - 1) * hidden * hidden + 2 * hidden * changed + changed;
  },
  summary: ({ hidden, layers, swap }) => `${layers} × ${hidden}${swap ? " · swapped" : ""}`,
  explain: {
    summary: "An invertible layer: one part scales and shifts the other.",
    equation:
      "\\mathbf{y}_1 = \\mathbf{x}_1, \\quad \\mathbf{y}_2 = \\mathbf{x}_2 \\odot e^{\\mathbf{s}[\\mathbf{x}_1]} + \\mathbf{t}[\\mathbf{x}_1], \\quad \\log\\left|\\frac{\\partial\\mathbf{y}}{\\partial\\mathbf{x}}\\right| = \\sum_d s_d[\\mathbf{x}_1]",
  },
  examples: [
    { params: { hidden: 5, activation: "tanh" }, inputs: { x: f32("batch", 2) } },
    { params: { hidden: 4, layers: 1, activation: "tanh", swap: true }, inputs: { x: f32("batch", 5) } },
    { params: { hidden: 3, layers: 3, clamp: 1 }, inputs: { x: f32("batch", 4) } },
  ],
});

interface Network {
  readonly layers: number;
  readonly activation: "tanh" | "relu";
  readonly clamp: number;
}

/** Where the features divide, and how many of them pass and change: with an odd number the second part is the larger. */
function parts(size: number, swap: boolean) {
  const first = Math.floor(size / 2);
  return swap ? { first, kept: size - first, changed: first } : { first, kept: first, changed: size - first };
}

/** The part that passes through, then the one that changes. */
function divide(x: tf.Tensor, swap: boolean): [tf.Tensor, tf.Tensor] {
  const size = x.shape[1] as number;
  const { first } = parts(size, swap);
  const [a, b] = tf.split(x as tf.Tensor2D, [first, size - first], 1) as [tf.Tensor, tf.Tensor];
  return swap ? [b, a] : [a, b];
}

const join = (kept: tf.Tensor, changed: tf.Tensor, swap: boolean): tf.Tensor => tf.concat(swap ? [changed, kept] : [kept, changed], 1);

/** The network in the coupling: `[batch, kept] → [batch, changed]` twice; log-scales within ±clamp. */
function conditioner(kept: tf.Tensor, w: Readonly<Record<string, tf.Tensor | undefined>>, { layers, activation, clamp }: Network) {
  let h = kept;
  for (let i = 0; i <= layers; i++) {
    const bias = w[`bias${i}`];
    const sum = tf.fused.matMul({
      a: h as tf.Tensor2D,
      b: w[`kernel${i}`] as tf.Tensor2D,
      ...(bias && { bias }),
      activation: i < layers && activation === "relu" ? "relu" : "linear",
    });
    h = i < layers && activation === "tanh" ? tf.tanh(sum) : sum;
  }
  const [raw, shift] = tf.split(h, 2, 1) as [tf.Tensor, tf.Tensor];
  return { logScale: tf.mul(tf.tanh(raw), clamp), shift };
}
