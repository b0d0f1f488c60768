import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";

/** In training a square somewhere in each image is set to zero; its centre may lie at the edge (DeVries and Taylor 2017). */
export const cutout = defineLayer({
  type: "cutout",
  title: "Cutout",
  family: "data",
  book: "10.6",
  aliases: ["augmentation", "random erasing", "mask", "regularisation", "regularization"],
  params: z.object({ size: int({ min: 1, max: 1000, default: 8, help: "Side of the square, in pixels." }) }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply({ x }, _w, { size }, { training, rng }) {
    if (!training) return { y: tf.clone(x) };
    const [batch, height, width] = x.shape as [number, number, number, number];
    const centres = rng.uniform([batch, 2]);
    /** 1 where a row or column lies within the square. */
    const within = (axis: number, length: number) => {
      const centre = tf.floor(tf.mul(tf.slice(centres, [0, axis], [batch, 1]), length));
      const from = tf.sub(centre, Math.floor(size / 2));
      const places = tf.reshape(tf.range(0, length, 1, "float32"), [1, length]);
      return tf.cast(tf.logicalAnd(tf.greaterEqual(places, from), tf.less(places, tf.add(from, size))), "float32");
    };
    const hole = tf.mul(tf.reshape(within(0, height), [batch, height, 1, 1]), tf.reshape(within(1, width), [batch, 1, width, 1]));
    return { y: tf.mul(x, tf.sub(1, hole)) };
  },
  summary: ({ size }) => `${size} × ${size}`,
  explain: { summary: "Hides a square of each image while training." },
  examples: [{ params: { size: 2 }, inputs: { x: f32("batch", 5, 4, 2) } }],
});
