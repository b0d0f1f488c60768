import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem, type WeightSpec } from "../contract.ts";
import { detached } from "../held.ts";
import { choice, int, real } from "../params.ts";

/**
 * Each vector becomes the nearest of a learned codebook (van den Oord et al., 2017; UDL 17.8): `[batch, …, width] → [batch, …, width]`.
 * In training, gradients pass straight through to the encoder, as if nothing had been rounded. The codebook follows the vectors by the gradient
 * of `codebook`, |sg[x] − e|², or by moving averages of those that chose each code; `commitment`, |x − sg[e]|², keeps vectors near their codes.
 * `index` says which code: tokens that a prior can learn. An embedding with the same shared name turns tokens back into codes.
 */
export const vectorQuantise = defineLayer({
  type: "vector-quantise",
  title: "Vector quantise",
  family: "flow",
  book: "17.8",
  aliases: ["vq-vae", "codebook", "discrete latent", "straight-through", "vector quantization", "k-means"],
  params: z.object({
    codes: int({ min: 1, max: 1_000_000, default: 32, help: "Vectors in the codebook." }),
    learn: choice(["gradient", "averages"], {
      help: "Gradient: minimise `codebook` too. Averages: codes follow the mean of the vectors that choose them, without an optimiser.",
    }),
    decay: real({ min: 0, max: 0.9999, default: 0.97, help: "For averages: how much of the last step's average stays." }),
  }),
  inputs: { x: { rank: [2, 3, 4, 5], dtype: "float32", help: "Vectors along the last axis: [batch, …, width]." } },
  outputs: ["y", "index", "codebook", "commitment"],
  infer({ x }, { codes }) {
    const width = x.shape.at(-1);
    if (typeof width !== "number")
      return problem("The vectors have no fixed length.", { port: "x", expected: "[batch, …, width]", received: formatShape(x.shape) });
    return { y: f32(...x.shape), index: i32(x.shape.slice(0, -1), codes), codebook: f32(), commitment: f32() };
  },
  weights({ x }, { codes, learn }) {
    const width = x.shape.at(-1) as number;
    const table: WeightSpec = { shape: [codes, width], init: { normal: 0.5 }, decay: false };
    if (learn === "gradient") return { table };
    const kept = { trainable: false } as const;
    return { table: { ...table, ...kept }, uses: { shape: [codes], init: "ones", ...kept }, sums: { shape: [codes, width], init: "zeros", ...kept } };
  },
  apply({ x }, w, { codes, learn, decay }, ctx) {
    const width = x.shape.at(-1) as number;
    const rows = tf.reshape<tf.Rank.R2>(x, [-1, width]);
    const index = detached(() => nearest(rows, w.table as tf.Tensor2D)) as tf.Tensor1D;
    const code = tf.reshape(tf.gather(w.table, index), x.shape);
    if (ctx.training && learn === "averages" && w.uses && w.sums) {
      // A code nobody chooses keeps a trace of one use, so that it moves on rather than being divided by nothing.
      const chosen = tf.cast(tf.oneHot(index, codes), "float32");
      const uses = tf.add(tf.mul(w.uses, decay), tf.mul(tf.sum(chosen, 0), 1 - decay));
      const fresh = tf.matMul(chosen as tf.Tensor2D, rows, true, false);
      const sums = tf.add(tf.mul(w.sums, decay), tf.mul(fresh, 1 - decay));
      const enough = tf.reshape(tf.cast(tf.greater(uses, faint), "float32"), [codes, 1]);
      const mean = tf.div(sums, tf.reshape(tf.maximum(uses, faint), [codes, 1]));
      ctx.update("uses", uses);
      ctx.update("sums", sums);
      ctx.update("table", tf.add(tf.mul(mean, enough), tf.mul(w.table, tf.sub(1, enough))));
    }
    return {
      y: ctx.training ? straightThrough(x, code) : code,
      index: tf.reshape(index, x.shape.slice(0, -1)),
      codebook: squaredDistance(ctx.training ? fixed(x) : x, code),
      commitment: squaredDistance(x, ctx.training ? fixed(code) : code),
    };
  },
  surrogate: true,
  cost: ({ x }, _y, { codes }) => elementsPerExample(x.shape) * codes,
  relevant: ({ learn }) => (learn === "averages" ? ["codes", "learn", "decay"] : ["codes", "learn"]),
  summary: ({ codes }) => `${codes} codes`,
  explain: {
    summary: "Replaces each vector by the nearest of a learned codebook.",
    equation:
      "y = \\mathbf{e}_k, \\quad k = \\operatorname{argmin}_j |\\mathbf{x} - \\mathbf{e}_j|^2, \\quad \\frac{\\partial y}{\\partial \\mathbf{x}} := \\mathbf{I}",
  },
  examples: [
    { params: { codes: 5 }, inputs: { x: f32("batch", 3) } },
    { params: { codes: 4 }, inputs: { x: f32("batch", 2, 2, 3) } },
    { params: { codes: 4, learn: "averages" }, inputs: { x: f32("batch", 3, 2) } },
  ],
});

/** Below this share of a use a code keeps its place. */
const faint = 1e-3;

/** The number of each row's nearest code: |x − e|² = |x|² − 2 x·e + |e|², of which the first is the same for all codes. */
function nearest(rows: tf.Tensor2D, table: tf.Tensor2D): tf.Tensor1D {
  return tf.argMin(tf.sub(tf.sum(tf.square(table), 1), tf.mul(tf.matMul(rows, table, false, true), 2)), 1);
}

/** The mean over vectors of the squared distance between two, summed over their elements. */
const squaredDistance = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mean(tf.sum(tf.square(tf.sub(a, b)), -1));

/** A constant on the way back. */
const fixed = (x: tf.Tensor): tf.Tensor => detached(() => tf.clone(x));

/** The code, with the gradient of the vector it stands for. */
const straightThrough = (x: tf.Tensor, code: tf.Tensor): tf.Tensor => tf.add(x, fixed(tf.sub(code, x)));
