import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem, type TensorRng, type WeightSpec } from "../contract.ts";
import { choice, int, real } from "../params.ts";
import { flowTypes } from "./per-example.ts";

/**
 * y = x + f[x], where f is a network that contracts: each of its matrices is divided by its largest singular value, found by power iteration,
 * where that exceeds the bound. Undone by the fixed point x ← y − f[x] (UDL 16.3.5; Behrmann et al., 2019). log|∂y/∂x| is that of I + J: by
 * elimination for up to eight features; else as tr J − tr J²/2 + …, each trace as vᵀJᵏv of a random v (Hutchinson), the series cut off after
 * some terms, or at random and weighted so that nothing is lost on average (Russian roulette; Chen et al., 2019).
 */
export const invertibleResidual = defineLayer({
  type: "invertible-residual",
  title: "Invertible residual",
  family: "flow",
  book: "16.3.5",
  aliases: ["iresnet", "residual flow", "contraction", "hutchinson", "russian roulette", "spectral normalisation", "normalising flow"],
  params: z.object({
    hidden: int({ min: 1, max: 10_000, default: 32, title: "Hidden units", help: "Units in each hidden layer." }),
    layers: int({ min: 1, max: 8, default: 2, title: "Hidden layers", help: "Hidden layers of the network." }),
    activation: choice(["elu", "tanh"], { help: "Both have slopes of 1 at most, so matrices alone decide how much it contracts." }),
    bound: real({ min: 0.01, max: 0.99, default: 0.9, help: "Largest singular value of each matrix. Under 1 the layer can be undone." }),
    estimator: choice(["exact", "power-series", "roulette"], {
      help: "The log-determinant in training. Exact takes up to 8 features; in evaluation those are always exact.",
    }),
    terms: int({ min: 1, max: 30, default: 5, help: "Terms of the series; roulette begins after them." }),
    iterations: int({ min: 1, max: 200, default: 40, help: "Steps towards the fixed point when it is undone." }),
  }),
  relevant: ({ estimator }) => ["hidden", "layers", "activation", "bound", "estimator", ...(estimator === "exact" ? [] : ["terms"]), "iterations"],
  inputs: { x: { rank: 2, dtype: "float32", help: "Vectors: [batch, features]." } },
  outputs: ["y", "logdet"],
  infer({ x }, { estimator }) {
    const types = flowTypes(x);
    if (isProblem(types) || estimator !== "exact" || Number(x.shape[1]) <= mostExact) return types;
    return problem(`The exact log-determinant is for ${mostExact} features at most.`, {
      port: "x",
      received: `${x.shape[1]}`,
      mend: { label: "Estimate it by a power series", kind: "set", params: { estimator: "power-series" } },
    });
  },
  weights({ x }, { hidden, layers }) {
    const size = x.shape[1] as number;
    const specs: Record<string, WeightSpec> = {};
    for (let i = 0; i <= layers; i++) {
      const units = i === layers ? size : hidden;
      specs[`kernel${i}`] = { shape: [i === 0 ? size : hidden, units], init: "glorot-uniform" };
      specs[`bias${i}`] = { shape: [units], init: "zeros" };
      specs[`singular${i}`] = { shape: [units, 1], init: { normal: 1 }, trainable: false };
    }
    return specs;
  },
  apply({ x }, w, p, { training, rng, update }) {
    const kernels = contracting(w, p);
    if (training) for (const [i, { singular }] of kernels.entries()) update(`singular${i}`, singular);
    const { y, push } = network(x, kernels, w, p);
    return { y: tf.add(x, y), logdet: logDet(x, push, p, training, rng) };
  },
  inverse({ y }, w, p, { training, rng }) {
    const kernels = contracting(w, p);
    let x = y;
    for (let i = 0; i < p.iterations; i++) x = tf.sub(y, network(x, kernels, w, p).y);
    return { x, logdet: tf.neg(logDet(x, network(x, kernels, w, p).push, p, training, rng)) };
  },
  cost: ({ x }, _, { hidden, layers }) => 2 * Number(x.shape[1]) * hidden + (layers - 1) * hidden * hidden,
  summary: ({ hidden, layers, estimator }) => `${layers} × ${hidden} · ${estimator}`,
  explain: {
    summary: "A residual layer whose network contracts, so that it can be undone.",
    equation:
      "\\mathbf{y} = \\mathbf{x} + \\mathbf{f}[\\mathbf{x}], \\quad \\log\\left|\\mathbf{I} + \\mathbf{J}\\right| = \\sum_{k=1}^{\\infty} \\frac{(-1)^{k-1}}{k} \\operatorname{tr}[\\mathbf{J}^k]",
  },
  examples: [
    { params: { hidden: 4, layers: 1, activation: "tanh" }, inputs: { x: f32("batch", 2) } },
    { params: { hidden: 3, layers: 2, activation: "tanh", estimator: "roulette", terms: 2 }, inputs: { x: f32("batch", 3) } },
  ],
});

/** Features up to which the determinant is found by elimination. */
const mostExact = 8;
/** Terms that roulette may add, and how likely it goes on to the next: after that many a thousandth part is left. */
const mostExtra = 10;
const goOn = 0.5;

interface Settings {
  readonly layers: number;
  readonly activation: "elu" | "tanh";
  readonly bound: number;
  readonly estimator: "exact" | "power-series" | "roulette";
  readonly terms: number;
}
type Weights = Readonly<Record<string, tf.Tensor | undefined>>;
/** J v for vectors v `[batch, features]`. */
type Push = (v: tf.Tensor) => tf.Tensor;

/** Kernels with singular values up to the bound, and the vector that shows the largest. */
function contracting(w: Weights, { layers, bound }: Settings): { kernel: tf.Tensor2D; singular: tf.Tensor }[] {
  const unit = (v: tf.Tensor) => tf.div(v, tf.add(tf.norm(v), 1e-12)) as tf.Tensor2D;
  return Array.from({ length: layers + 1 }, (_, i) => {
    const kernel = w[`kernel${i}`] as tf.Tensor2D;
    let singular = unit(w[`singular${i}`] as tf.Tensor);
    for (let turn = 0; turn < 3; turn++) singular = unit(tf.matMul(kernel, tf.matMul(kernel, singular), true));
    const largest = tf.norm(tf.matMul(kernel, singular));
    return { kernel: tf.mul(kernel, tf.div(bound, tf.maximum(largest, bound))), singular };
  });
}

function network(
  x: tf.Tensor,
  kernels: readonly { kernel: tf.Tensor2D }[],
  w: Weights,
  { layers, activation }: Settings,
): { y: tf.Tensor; push: Push } {
  const slopes: tf.Tensor[] = [];
  let h = x;
  for (const [i, { kernel }] of kernels.entries()) {
    const sum = tf.add(tf.matMul(h as tf.Tensor2D, kernel), w[`bias${i}`] as tf.Tensor);
    if (i === layers) h = sum;
    else if (activation === "tanh") {
      h = tf.tanh(sum);
      slopes.push(tf.sub(1, tf.square(h)));
    } else {
      h = tf.elu(sum);
      // exp(s) under 0, 1 above.
      slopes.push(tf.exp(tf.minimum(sum, 0)));
    }
  }
  const push = (v: tf.Tensor) => {
    let t = v;
    for (const [i, { kernel }] of kernels.entries()) {
      t = tf.matMul(t as tf.Tensor2D, kernel);
      const slope = slopes[i];
      if (slope) t = tf.mul(t, slope);
    }
    return t;
  };
  return { y: h, push };
}

function logDet(x: tf.Tensor, push: Push, { estimator, terms }: Settings, training: boolean, rng: TensorRng): tf.Tensor {
  const [batch, size] = x.shape as [number, number];
  if (estimator === "exact" || (!training && size <= mostExact)) return eliminated(x, push);
  const v = rng.normal([batch, size]);
  const luck = estimator === "roulette" ? rng.uniform([1]) : undefined;
  let power = v;
  let sum: tf.Tensor = tf.zeros([batch]);
  for (let k = 1; k <= terms + (luck ? mostExtra : 0); k++) {
    power = push(power);
    const term = tf.mul(tf.sum(tf.mul(power, v), 1), (k % 2 === 1 ? 1 : -1) / k);
    const chance = goOn ** Math.max(0, k - terms);
    sum = tf.add(sum, luck && chance < 1 ? tf.mul(term, tf.div(tf.cast(tf.less(luck, chance), "float32"), chance)) : term);
  }
  return sum;
}

/** log|I + J| by elimination without exchanging rows: since |J| < 1, no pivot is 0. */
function eliminated(x: tf.Tensor, push: Push): tf.Tensor {
  const [batch, size] = x.shape as [number, number];
  const columns = Array.from({ length: size }, (_, j) => {
    const unit = tf.tensor1d(Array.from({ length: size }, (_, i) => (i === j ? 1 : 0)));
    const column = tf.add(push(tf.add(tf.zeros([batch, size]), unit)), unit);
    return Array.from({ length: size }, (_, i) => tf.reshape(tf.slice(column, [0, i], [batch, 1]), [batch]));
  });
  const rows = Array.from({ length: size }, (_, i) => columns.map((column) => column[i] as tf.Tensor));
  let sum: tf.Tensor = tf.zeros([batch]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]?.[i] as tf.Tensor;
    sum = tf.add(sum, tf.log(tf.abs(pivot)));
    for (let r = i + 1; r < size; r++) {
      const row = rows[r] as tf.Tensor[];
      const factor = tf.div(row[i] as tf.Tensor, pivot);
      for (let c = i + 1; c < size; c++) row[c] = tf.sub(row[c] as tf.Tensor, tf.mul(factor, rows[i]?.[c] as tf.Tensor));
    }
  }
  return sum;
}
