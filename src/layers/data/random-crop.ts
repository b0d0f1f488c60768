import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";

/** In training each image is padded with zeros and cut to its old size at a random place: a shift by up to `padding` pixels each way. */
export const randomCrop = defineLayer({
  type: "random-crop",
  title: "Random crop",
  family: "data",
  book: "10.5.1",
  aliases: ["augmentation", "shift", "translate", "jitter"],
  params: z.object({ padding: int({ min: 1, max: 1000, default: 2, help: "Zeros added on every side, and so the largest shift, in pixels." }) }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  // Moving is a product with a matrix that has ones on a diagonal: of each example its own.
  apply({ x }, _w, { padding }, { training, rng }) {
    if (!training) return { y: tf.clone(x) };
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const shifts = tf.sub(tf.floor(tf.mul(rng.uniform([batch, 2]), 2 * padding + 1)), padding);
    const move = (axis: number, length: number) => {
      const places = tf.range(0, length, 1, "float32");
      const apart = tf.sub(tf.reshape(places, [1, 1, length]), tf.reshape(places, [1, length, 1]));
      return tf.cast(tf.equal(apart, tf.reshape(tf.slice(shifts, [0, axis], [batch, 1]), [batch, 1, 1])), "float32");
    };
    const down = tf.matMul(move(0, height), tf.reshape(x, [batch, height, width * channels]));
    const columns = tf.transpose(tf.reshape(down, [batch, height, width, channels]), [0, 2, 1, 3]);
    const across = tf.matMul(move(1, width), tf.reshape(columns, [batch, width, height * channels]));
    return { y: tf.transpose(tf.reshape(across, [batch, width, height, channels]), [0, 2, 1, 3]) };
  },
  summary: ({ padding }) => `± ${padding}`,
  explain: { summary: "Shifts each image by a few pixels while training." },
  examples: [{ params: { padding: 1 }, inputs: { x: f32("batch", 4, 3, 2) } }],
});
