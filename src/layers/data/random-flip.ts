import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";

/** In training each image is mirrored with a chance of one half. */
export const randomFlip = defineLayer({
  type: "random-flip",
  title: "Random flip",
  family: "data",
  book: "10.5.1",
  aliases: ["augmentation", "mirror", "reflect"],
  params: z.object({ axis: choice(["horizontal", "vertical"], { help: "Horizontal: left and right change places. Vertical: top and bottom." }) }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply({ x }, _w, { axis }, { training, rng }) {
    if (!training) return { y: tf.clone(x) };
    const flips = tf.cast(tf.less(rng.uniform([x.shape[0] as number, 1, 1, 1]), 0.5), "float32");
    const mirrored = tf.reverse(x, axis === "horizontal" ? 2 : 1);
    return { y: tf.add(tf.mul(mirrored, flips), tf.mul(x, tf.sub(1, flips))) };
  },
  summary: ({ axis }) => axis,
  explain: { summary: "Mirrors half of the images while training." },
  examples: [{ inputs: { x: f32("batch", 3, 4, 2) } }, { params: { axis: "vertical" }, inputs: { x: f32("batch", 3, 2, 1) } }],
});
