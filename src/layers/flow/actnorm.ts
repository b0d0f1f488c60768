import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flowPort, flowTypes, sameEach, sizeEach } from "./per-example.ts";

/**
 * Each channel is scaled and shifted by learned numbers that start so that the first training batch comes out with mean 0 and variance 1
 * (Kingma and Dhariwal, 2018; UDL 16.4.1). The start is kept beside the learned numbers: y = (x − mean) / deviation · exp(s) + t.
 */
export const actnorm = defineLayer({
  type: "actnorm",
  title: "Activation normalisation",
  family: "flow",
  book: "16.4.1",
  aliases: ["actnorm", "glow", "normalising flow"],
  params: z.object({}),
  inputs: { x: flowPort },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  weights({ x }) {
    const shape = [x.shape.at(-1) as number];
    return {
      logScale: { shape, init: "zeros", decay: false },
      shift: { shape, init: "zeros" },
      mean: { shape, init: "zeros", trainable: false },
      logDeviation: { shape, init: "zeros", trainable: false },
      started: { shape: [1], init: "zeros", trainable: false },
    };
  },
  apply({ x }, w, _p, { training, update }) {
    let { mean, logDeviation } = w;
    if (training) {
      // Once started, the batch counts nothing; which it is must not be asked, since steps are recorded and run again.
      const axes = [...x.shape.keys()].slice(0, -1);
      const constant = held(x);
      const [now, variance] = [tf.mean(constant, axes), tf.moments(constant, axes).variance];
      const fresh = tf.sub(1, w.started);
      mean = tf.add(mean, tf.mul(fresh, now));
      logDeviation = tf.add(logDeviation, tf.mul(fresh, tf.mul(tf.log(tf.add(variance, 1e-6)), 0.5)));
      update("mean", mean);
      update("logDeviation", logDeviation);
      update("started", tf.onesLike(w.started));
    }
    const log = tf.sub(w.logScale, logDeviation);
    return { y: tf.add(tf.mul(tf.sub(x, mean), tf.exp(log)), w.shift), logdet: volume(x, log) };
  },
  inverse({ y }, w) {
    const log = tf.sub(w.logDeviation, w.logScale);
    return { x: tf.add(tf.mul(tf.sub(y, w.shift), tf.exp(log)), w.mean), logdet: volume(y, log) };
  },
  explain: {
    summary: "Scales and shifts each channel, from a start that the first batch decides.",
    equation: "\\mathbf{y} = \\frac{\\mathbf{x} - \\mathbf{m}}{\\mathbf{d}} \\odot e^{\\mathbf{s}} + \\mathbf{t}",
  },
  // Gradients take the first batch's statistics for constants.
  surrogate: true,
  examples: [{ inputs: { x: f32("batch", 3) } }, { inputs: { x: f32("batch", 2, 2, 2) } }],
});

const volume = (x: tf.Tensor, log: tf.Tensor): tf.Tensor => sameEach(tf.mul(tf.sum(log), sizeEach(x.shape) / (x.shape.at(-1) as number)), x);

const held = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((value) => ({ value: tf.clone(value as tf.Tensor), gradFunc: () => tf.zerosLike(value as tf.Tensor) }))(x);
