import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { held } from "../held.ts";
import { extent, formatExtent, perAxis } from "../params.ts";

/**
 * Max pooling backwards (book 10.4.2, figure 10.12b): each value goes to where the maximum of its window was, all else is 0:
 * `[batch, h, w, c]` and what was pooled `[batch, h·size, w·size, c]` → `[batch, h·size, w·size, c]`. Of equal maxima the first counts.
 */
export const maxUnpool = defineLayer({
  type: "max-unpool",
  title: "Max unpooling",
  family: "sampling",
  book: "10.4.2",
  aliases: ["unpool", "switches", "upsample", "deconvolution network"],
  params: z.object({
    size: extent({ axes: 2, max: 64, default: 2, help: "Extent of the windows that were pooled, which must not have overlapped." }),
  }),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "The values to spread: [batch, height, width, channels]." },
    before: { rank: 4, dtype: "float32", help: "What the max pooling received; it says where each maximum was." },
  },
  outputs: ["y"],
  infer({ x, before }, { size }) {
    const [down, across] = perAxis(size, 2) as [number, number];
    const [batch, height, width, channels] = x.shape;
    if (typeof height !== "number" || typeof width !== "number" || typeof channels !== "number")
      return problem("Unpooling needs fixed sizes.", { port: "x", expected: "[batch, height, width, channels]", received: formatShape(x.shape) });
    const wanted: Dim[] = [batch as Dim, height * down, width * across, channels];
    if (formatShape(before.shape) !== formatShape(wanted))
      return problem("What was pooled must be larger by the windows' size, with as many channels.", {
        port: "before",
        expected: formatShape(wanted),
        received: formatShape(before.shape),
      });
    return { y: f32(...wanted) };
  },
  apply({ x, before }, _w, { size }) {
    const [down, across] = perAxis(size, 2) as [number, number];
    if (down * across === 1) return { y: tf.clone(x) };
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const rows = batch * height;
    const at = tf.unstack(held((of) => switches(of, [rows, down, width, across, channels]), before));
    const values = tf.reshape(x, [rows, width, channels]);
    const lines = Array.from({ length: down }, (_, row) =>
      tf.reshape(
        join(
          Array.from({ length: across }, (_, column) => tf.mul(values, at[row * across + column] as tf.Tensor)),
          2,
        ),
        [rows, width * across * channels],
      ),
    );
    return { y: tf.reshape(join(lines, 1), before.shape) };
  },
  cost: ({ before }) => elementsPerExample(before.shape),
  summary: ({ size }) => formatExtent(size),
  explain: {
    summary: "Puts each value back where the maximum had been, and zeros around it.",
    equation:
      "y_{ijc} = \\begin{cases} x_{klc} & (i, j) = \\operatorname*{argmax}_{(m, n) \\in \\text{window}(k, l)} b_{mnc} \\\\ 0 & \\text{else} \\end{cases}",
  },
  examples: [
    { inputs: { x: f32("batch", 2, 3, 2), before: f32("batch", 4, 6, 2) } },
    { params: { size: [1, 3] }, inputs: { x: f32("batch", 3, 2, 1), before: f32("batch", 3, 6, 1) } },
  ],
});

const join = (parts: readonly tf.Tensor[], axis: number): tf.Tensor => (parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat([...parts], axis));

/** For each place in a window, row by row: 1 where the window's first maximum is there, 0 elsewhere; `[places, rows, width, channels]`. */
function switches(before: tf.Tensor, [rows, down, width, across, channels]: readonly [number, number, number, number, number]): tf.Tensor {
  const lines = tf.reshape(before, [rows, down, width * across * channels]);
  const places = Array.from({ length: down * across }, (_, place) => {
    const line = tf.reshape(tf.slice(lines, [0, Math.floor(place / across), 0], [-1, 1, -1]), [rows, width, across, channels]);
    return tf.reshape(tf.slice(line, [0, 0, place % across, 0], [-1, -1, 1, -1]), [rows, width, channels]);
  });
  const highest = places.reduce((a, b) => tf.maximum(a, b));
  let free: tf.Tensor = tf.onesLike(highest);
  const hits = places.map((values) => {
    const hit = tf.mul(free, tf.cast(tf.greaterEqual(values, highest), "float32"));
    free = tf.sub(free, hit);
    return hit;
  });
  return tf.stack(hits);
}
