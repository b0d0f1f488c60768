import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/**
 * A pool of examples from earlier steps. In training half of each batch changes places with examples from the pool, so that a
 * discriminator also sees what the generator made before, and its answers to that are not forgotten (Shrivastava et al. 2017, section 2.3;
 * CycleGAN's image pool). While the pool has empty places they are taken first, and give nothing back.
 */
export const history = defineLayer({
  type: "history",
  title: "History",
  family: "data",
  book: "15.2",
  aliases: ["image pool", "buffer", "replay", "memory", "earlier examples"],
  params: z.object({ size: int({ min: 1, max: 256, default: 50, help: "Examples in the pool." }) }),
  inputs: { x: { dtype: "float32", help: "Examples, such as a generator's: [batch, …]." } },
  outputs: ["y"],
  infer({ x }) {
    const [batch, ...rest] = x.shape;
    if (batch === undefined || (typeof batch === "string" && batch !== "batch") || !rest.every((size) => typeof size === "number"))
      return problem("It keeps single examples, all of one size.", {
        port: "x",
        expected: "[batch, …] with fixed sizes",
        received: `[${x.shape.join(", ")}]`,
      });
    return { y: f32(...x.shape) };
  },
  weights: ({ x }, { size }) => ({
    pool: { shape: [size, ...x.shape.slice(1).map(Number)], init: "zeros", trainable: false },
    filled: { shape: [size], init: "zeros", trainable: false },
  }),
  apply({ x }, { pool, filled }, { size }, { training, rng, update }) {
    const batch = x.shape[0] ?? 0;
    const swapped = Math.min(Math.floor(batch / 2), size);
    if (!training || swapped === 0) return { y: held(x, () => tf.clone(x)) };
    const y = held(x, () => {
      const flat = tf.reshape(x, [batch, -1]);
      const old = tf.reshape(pool, [size, -1]);
      const chosen = choose(rng.uniform([size]), filled, swapped);
      const arriving = tf.slice(flat, [0, 0], [swapped, -1]);
      const there = tf.matMul(chosen, tf.reshape(filled, [size, 1]));
      const leaving = tf.add(tf.mul(tf.matMul(chosen, old), there), tf.mul(arriving, tf.sub(1, there)));
      const taken = tf.sum(chosen, 0);
      const stays = tf.reshape(tf.sub(1, taken), [size, 1]);
      update("pool", tf.reshape(tf.add(tf.mul(old, stays), tf.matMul(chosen, arriving, true)), pool.shape));
      update("filled", tf.maximum(filled, taken));
      return tf.reshape(swapped < batch ? tf.concat([leaving, tf.slice(flat, [swapped, 0], [batch - swapped, -1])]) : leaving, x.shape);
    });
    return { y };
  },
  surrogate: true,
  differentiable: false,
  summary: ({ size }) => `${size} examples`,
  explain: { summary: "Swaps half of a batch with examples of earlier steps. Passes no gradient back." },
  examples: [{ inputs: { x: f32("batch", 2) } }, { params: { size: 3 }, inputs: { x: f32("batch", 2, 2, 1) } }],
});

/** What is computed, with a gradient of zero by x. */
const held = (x: tf.Tensor, compute: () => tf.Tensor): tf.Tensor =>
  tf.customGrad((value) => ({ value: compute(), gradFunc: () => tf.zerosLike(value as tf.Tensor) }))(x);

/**
 * Chooses places at random, empty ones first: rows with a single one each, [count, size], all in different columns.
 * A place's rank is the number of places with smaller draws; of equal draws the earlier place comes first.
 */
function choose(draws: tf.Tensor, filled: tf.Tensor, count: number): tf.Tensor2D {
  const size = draws.size;
  const places = tf.range(0, size, 1, "float32");
  const keys = tf.add(draws, filled);
  const [mine, theirs] = [tf.reshape(keys, [size, 1]), tf.reshape(keys, [1, size])];
  const earlier = tf.less(tf.reshape(places, [1, size]), tf.reshape(places, [size, 1]));
  const before = tf.add(tf.cast(tf.less(theirs, mine), "float32"), tf.mul(tf.cast(tf.equal(theirs, mine), "float32"), tf.cast(earlier, "float32")));
  const ranks = tf.reshape(tf.sum(before, 1), [1, size]);
  return tf.cast(tf.equal(ranks, tf.reshape(tf.range(0, count, 1, "float32"), [count, 1])), "float32");
}
