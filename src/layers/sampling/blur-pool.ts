import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { padded } from "../dense/padding.ts";
import { choice, int } from "../params.ts";
import { slide, windows } from "../window.ts";

/** A row of Pascal's triangle, made to sum to one. */
const binomial = (size: number): number[] => {
  let row = [1];
  while (row.length < size) row = [...row, 0].map((value, i) => value + (row[i - 1] ?? 0));
  return row.map((value) => value / 2 ** (size - 1));
};

/** What padding "same" puts before and after. */
function sameRim(length: number, size: number, stride: number): [number, number] {
  const all = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

/** A fixed blur before dropping samples, so that small shifts change little (Zhang 2019): `[batch, h, w, c] → [batch, ⌈h/s⌉, ⌈w/s⌉, c]`. */
export const blurPool = defineLayer({
  type: "blur-pool",
  title: "Blur pooling",
  family: "sampling",
  book: "10.6",
  aliases: ["max-blur", "anti-aliasing", "low-pass", "downsample"],
  params: z.object({
    size: int({ min: 2, max: 7, default: 3, help: "Taps of the binomial blur along each axis; 3 weighs 1, 2, 1." }),
    stride: int({ min: 1, max: 64, default: 2, help: "Every how many samples one is kept." }),
    mode: choice(["zeros", "reflect"], {
      help: "What is blurred in beyond the rim: nothing, which darkens it, or the picture mirrored, as in the paper.",
    }),
  }),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "Images [batch, height, width, channels]; max pooling with stride 1 before it gives max-blur pooling." },
  },
  outputs: ["y"],
  infer({ x }, { size, stride, mode }) {
    const shortest = Math.min(...x.shape.slice(1, 3).map((length) => (typeof length === "number" ? length : size)));
    if (mode === "reflect" && size > 1 && shortest <= Math.floor(size / 2))
      return problem("There is too little to mirror.", { port: "x", expected: `more than ${Math.floor(size / 2)} places`, received: `${shortest}` });
    const sizes = slide(x.shape, { size: [size, size], stride: [stride, stride], padding: "same", called: "blur" });
    return isProblem(sizes) ? sizes : { y: f32(x.shape[0] as Dim, ...sizes, x.shape.at(-1) as Dim) };
  },
  apply({ x }, _w, { size, stride, mode }) {
    const channels = x.shape.at(-1) as number;
    const row = binomial(size);
    const taps = row.flatMap((a) => row.flatMap((b) => Array<number>(channels).fill(a * b)));
    const filter = tf.tensor4d(taps, [size, size, channels, 1]);
    if (mode === "zeros") return { y: tf.depthwiseConv2d(x as tf.Tensor4D, filter, stride, "same") };
    const rim = x.shape.slice(1, 3).map((length) => sameRim(length, size, stride));
    return { y: tf.depthwiseConv2d(padded(x, rim, "reflect") as tf.Tensor4D, filter, stride, "valid") };
  },
  cost: (_x, { y }, { size }) => elementsPerExample(y.shape) * size * size,
  window: ({ size, stride }) => windows([size, size], [stride, stride]),
  summary: ({ size, stride }) => `${size}×${size} · stride ${stride}`,
  explain: {
    summary: "Blurs a little, then keeps every second sample: what is dropped does not leap in and out.",
    equation: "y_{ij} = \\sum_{m,n} b_m b_n\\, x_{si+m,\\,sj+n}, \\quad b = \\tfrac14 [1, 2, 1]",
  },
  examples: [
    { inputs: { x: f32("batch", 5, 6, 2) } },
    { params: { size: 2, stride: 3 }, inputs: { x: f32("batch", 6, 4, 1) } },
    { params: { mode: "reflect" }, inputs: { x: f32("batch", 5, 4, 2) } },
  ],
});
