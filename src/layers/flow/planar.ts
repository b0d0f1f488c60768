import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flowTypes } from "./per-example.ts";

/**
 * Space is stretched or squeezed along one direction, by an amount that depends on one projection: y = x + û tanh(wᵀx + b), where û is u
 * moved along w until wᵀû > −1, so that it can be undone; log|∂y/∂x| = log(1 + wᵀû (1 − tanh²)) (Rezende and Mohamed, 2015; UDL 16.3.2).
 */
export const planar = defineLayer({
  type: "planar",
  title: "Planar flow",
  family: "flow",
  book: "16.3",
  aliases: ["normalising flow", "rezende"],
  params: z.object({}),
  inputs: { x: { rank: 2, dtype: "float32", help: "Vectors: [batch, features]." } },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  weights({ x }) {
    const size = x.shape[1] as number;
    return {
      direction: { shape: [size, 1], init: { normal: 1 }, decay: false },
      stretch: { shape: [size, 1], init: { normal: 0.1 }, decay: false },
      bias: { shape: [1], init: { normal: 0.5 } },
    };
  },
  apply({ x }, w) {
    const { u, along } = stretch(w);
    const bent = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w.direction as tf.Tensor2D), w.bias));
    return { y: tf.add(x, tf.matMul(bent as tf.Tensor2D, u, false, true)), logdet: logDet(bent, along) };
  },
  inverse({ y }, w) {
    const { u, along } = stretch(w);
    const projected = tf.matMul(y as tf.Tensor2D, w.direction as tf.Tensor2D);
    // wᵀy = a + (wᵀû) tanh(a + b) rises with a and |tanh| < 1: halving an interval, then Newton's steps, find a.
    const width = tf.abs(along);
    let low = tf.sub(projected, width);
    let high = tf.add(projected, width);
    const off = (a: tf.Tensor) => tf.sub(tf.add(a, tf.mul(along, tf.tanh(tf.add(a, w.bias)))), projected);
    for (let i = 0; i < 24; i++) {
      const middle = tf.mul(tf.add(low, high), 0.5);
      const under = tf.less(off(middle), 0);
      low = tf.where(under, middle, low);
      high = tf.where(under, high, middle);
    }
    const a = tf.mul(tf.add(low, high), 0.5);
    const bent = tf.tanh(tf.add(a, w.bias));
    return { x: tf.sub(y, tf.matMul(bent as tf.Tensor2D, u, false, true)), logdet: tf.neg(logDet(bent, along)) };
  },
  cost: ({ x }) => 2 * Number(x.shape[1]),
  explain: {
    summary: "Stretches or squeezes space across one plane.",
    equation: "\\mathbf{y} = \\mathbf{x} + \\hat{\\mathbf{u}} \\tanh[\\mathbf{w}^T\\mathbf{x} + b]",
  },
  examples: [{ inputs: { x: f32("batch", 2) } }, { inputs: { x: f32("batch", 4) } }],
});

/** û = u + (softplus(wᵀu) − 1 − wᵀu) w / |w|², and wᵀû, which is above −1. */
function stretch(w: { readonly direction: tf.Tensor; readonly stretch: tf.Tensor }): { u: tf.Tensor2D; along: tf.Tensor } {
  const product = tf.sum(tf.mul(w.direction, w.stretch));
  const along = tf.sub(tf.softplus(product), 1);
  const square = tf.add(tf.sum(tf.square(w.direction)), 1e-6);
  return { u: tf.add(w.stretch, tf.mul(w.direction, tf.div(tf.sub(along, product), square))) as tf.Tensor2D, along };
}

const logDet = (bent: tf.Tensor, along: tf.Tensor): tf.Tensor =>
  tf.reshape(tf.log(tf.add(tf.mul(tf.sub(1, tf.square(bent)), along), 1 + 1e-6)), [bent.shape[0] as number]);
