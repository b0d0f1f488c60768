import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, extent, formatExtent, perAxis } from "../params.ts";

const factors = (factor: number | readonly number[], rank: number) => perAxis(factor, 2).slice(0, rank - 2);

/**
 * Weights by which `n · factor` samples are mixed from n: sample i stands at (i + ½)/factor − ½ between its two neighbours,
 * the edge repeated (PyTorch's align_corners=False, Keras's UpSampling2D). A matrix rather than tfjs's resize, whose
 * gradient knows only the other convention.
 */
function bilinearMatrix(n: number, factor: number): tf.Tensor2D {
  const values = new Float32Array(n * factor * n);
  for (let i = 0; i < n * factor; i++) {
    const at = Math.min(Math.max((i + 0.5) / factor - 0.5, 0), n - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, n - 1);
    values[i * n + low] = (values[i * n + low] as number) + 1 - (at - low);
    values[i * n + high] = (values[i * n + high] as number) + (at - low);
  }
  return tf.tensor2d(values, [n * factor, n]);
}

/** Enlarges the middle axis of `[before, n, after]`. */
function enlarge(x: tf.Tensor3D, factor: number, mode: "nearest" | "bilinear"): tf.Tensor3D {
  const [before, n, after] = x.shape;
  if (factor === 1) return x;
  if (mode === "nearest") return tf.reshape(tf.tile(tf.reshape(x, [before * n, 1, after]), [1, factor, 1]), [before, n * factor, after]);
  const matrix = tf.reshape(bilinearMatrix(n, factor), [1, n * factor, n]);
  return tf.matMul(before === 1 ? matrix : tf.tile(matrix, [before, 1, 1]), x);
}

/** A whole number of times larger along each spatial axis: `[batch, h, w, c] → [batch, h·factor, w·factor, c]`. */
export const upsample = defineLayer({
  type: "upsample",
  title: "Upsample",
  family: "sampling",
  book: "10.4.2",
  aliases: ["resize", "enlarge", "nearest", "bilinear", "duplicate", "interpolate"],
  params: z.object({
    factor: extent({ axes: 2, max: 64, default: 2, help: "How many times larger each spatial axis becomes." }),
    mode: choice(["nearest", "bilinear"], { help: "Nearest repeats each value; bilinear fills the gaps evenly between neighbours." }),
  }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Signals [batch, length, channels] or images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { factor }) {
    const sizes: number[] = [];
    for (const [i, times] of factors(factor, x.shape.length).entries()) {
      const size = x.shape[i + 1];
      if (typeof size !== "number")
        return problem("A spatial axis has no fixed size.", { port: "x", expected: "a number", received: formatShape(x.shape) });
      sizes.push(size * times);
    }
    if (typeof x.shape.at(-1) !== "number") return problem("The channel axis has no fixed size.", { port: "x", expected: "a number of channels" });
    return { y: f32(x.shape[0] as Dim, ...sizes, x.shape.at(-1) as Dim) };
  },
  apply({ x }, _w, { factor, mode }) {
    const channels = x.shape.at(-1) as number;
    const shape = [...x.shape];
    let y = x;
    for (const [i, times] of factors(factor, x.rank).entries()) {
      const axis = i + 1;
      const before = shape.slice(0, axis).reduce((n, size) => n * size, 1);
      const after = shape.slice(axis + 1).reduce((n, size) => n * size, 1);
      y = enlarge(tf.reshape(y, [before, shape[axis] as number, after]), times, mode);
      shape[axis] = (shape[axis] as number) * times;
    }
    return { y: tf.reshape(y, [...shape.slice(0, -1), channels]) };
  },
  summary: ({ factor, mode }) => `${formatExtent(factor)} · ${mode}`,
  explain: {
    summary: "Makes signals or images a whole number of times larger, with no weights.",
    equation: "y_{ij} = x_{\\lfloor i/f \\rfloor,\\,\\lfloor j/f \\rfloor}",
  },
  examples: [
    { inputs: { x: f32("batch", 2, 3, 2) } },
    { params: { factor: [1, 3], mode: "bilinear" }, inputs: { x: f32("batch", 2, 3, 1) } },
    { params: { factor: 2, mode: "bilinear" }, inputs: { x: f32("batch", 3, 2, 2) } },
    { params: { factor: 3 }, inputs: { x: f32("batch", 4, 2) } },
  ],
});
