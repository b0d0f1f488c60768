import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flowTypes } from "./per-example.ts";

/**
 * Space is drawn towards a point or pushed away from it: y = x + β (x − c) / (α + r), r = |x − c|, with α > 0 and β > −α, so that it can be undone
 * in closed form; log|∂y/∂x| = (D − 1) log(1 + β/(α + r)) + log(1 + αβ/(α + r)²) (Rezende and Mohamed, 2015).
 */
export const radial = defineLayer({
  type: "radial",
  title: "Radial flow",
  family: "flow",
  book: "16.3",
  aliases: ["normalising flow", "rezende"],
  params: z.object({}),
  inputs: { x: { rank: 2, dtype: "float32", help: "Vectors: [batch, features]." } },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  weights: ({ x }) => ({
    centre: { shape: [x.shape[1] as number], init: { normal: 0.7 }, decay: false },
    reach: { shape: [1], init: "zeros", decay: false },
    strength: { shape: [1], init: { normal: 0.1 }, decay: false },
  }),
  apply({ x }, w) {
    const { alpha, beta } = settings(w);
    const offset = tf.sub(x, w.centre);
    const r = length(offset);
    return { y: tf.add(x, tf.mul(offset, tf.div(beta, tf.add(alpha, r)))), logdet: logDet(x, r, alpha, beta) };
  },
  inverse({ y }, w) {
    const { alpha, beta } = settings(w);
    const offset = tf.sub(y, w.centre);
    const moved = length(offset);
    // |y − c| = r (1 + β/(α + r)): a quadratic equation in r with one root that is not negative.
    const half = tf.mul(tf.sub(moved, tf.add(alpha, beta)), 0.5);
    const r = tf.add(half, tf.sqrt(tf.add(tf.square(half), tf.mul(alpha, moved))));
    const x = tf.add(w.centre, tf.div(offset, tf.add(1, tf.div(beta, tf.add(alpha, r)))));
    return { x, logdet: tf.neg(logDet(y, r, alpha, beta)) };
  },
  cost: ({ x }) => 2 * Number(x.shape[1]),
  explain: {
    summary: "Draws space towards a point, or pushes it away.",
    equation: "\\mathbf{y} = \\mathbf{x} + \\frac{\\beta\\,(\\mathbf{x} - \\mathbf{c})}{\\alpha + |\\mathbf{x} - \\mathbf{c}|}",
  },
  examples: [{ inputs: { x: f32("batch", 2) } }, { inputs: { x: f32("batch", 3) } }],
});

function settings(w: { readonly reach: tf.Tensor; readonly strength: tf.Tensor }): { alpha: tf.Tensor; beta: tf.Tensor } {
  const alpha = tf.add(tf.softplus(w.reach), 1e-3);
  // softplus is log 2 at 0: β starts near 0.
  return { alpha, beta: tf.mul(alpha, tf.sub(tf.div(tf.softplus(w.strength), Math.LN2), 1 - 1e-3)) };
}

const length = (offset: tf.Tensor): tf.Tensor => tf.sqrt(tf.add(tf.sum(tf.square(offset), 1, true), 1e-12));

function logDet(x: tf.Tensor, r: tf.Tensor, alpha: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const near = tf.add(alpha, r);
  const across = tf.log(tf.add(1, tf.div(beta, near)));
  const along = tf.log(tf.add(1, tf.div(tf.mul(alpha, beta), tf.square(near))));
  return tf.reshape(tf.add(tf.mul(across, (x.shape[1] as number) - 1), along), [x.shape[0] as number]);
}
