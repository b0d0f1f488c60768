import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { flag } from "../params.ts";
import { flowPort, flowTypes, sameEach, sizeEach } from "./per-example.ts";

/**
 * y = L U x + b over the last axis, L lower and U upper triangular: log|∂y/∂x| is the sum of log-diagonals (UDL 16.3.1). On images it is
 * Glow's invertible 1×1 convolution, and counts once for every pixel. It starts as the identity.
 */
export const linearLu = defineLayer({
  type: "linear-lu",
  title: "Invertible linear (LU)",
  family: "flow",
  book: "16.3.1",
  aliases: ["linear flow", "1x1 convolution", "glow", "plu", "normalising flow"],
  params: z.object({ bias: flag({ default: true, help: "Adds a constant to each feature." }) }),
  inputs: { x: flowPort },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  weights({ x }, { bias }) {
    const size = x.shape.at(-1) as number;
    return {
      lower: { shape: [size, size], init: "zeros", decay: false },
      upper: { shape: [size, size], init: "zeros", decay: false },
      logDiagonal: { shape: [size], init: "zeros", decay: false },
      bias: bias ? { shape: [size], init: "zeros" } : undefined,
    };
  },
  apply({ x }, w) {
    const { lower, upper } = factors(w);
    const product = tf.matMul(tf.matMul(rows(x), upper, false, true), lower, false, true);
    const y = tf.reshape(w.bias ? tf.add(product, w.bias) : product, x.shape);
    return { y, logdet: volume(x, w.logDiagonal) };
  },
  inverse({ y }, w) {
    const { lower, diagonal, above } = factors(w);
    const centred = w.bias ? tf.sub(rows(y), w.bias) : rows(y);
    const half = tf.matMul(centred, unitInverse(tf.sub(lower, tf.eye(lower.shape[0])) as tf.Tensor2D), false, true);
    // U = D (I + D⁻¹ N), so U⁻¹ = (I + D⁻¹ N)⁻¹ D⁻¹.
    const scaled = tf.div(half, diagonal) as tf.Tensor2D;
    const x = tf.matMul(scaled, unitInverse(tf.div(above, tf.expandDims(diagonal, 1)) as tf.Tensor2D), false, true);
    return { x: tf.reshape(x, y.shape), logdet: tf.neg(volume(y, w.logDiagonal)) };
  },
  cost({ x }) {
    const size = Number(x.shape.at(-1));
    return x.shape.slice(1).reduce<number>((product, dim) => product * Number(dim), 1) * (size + 1);
  },
  explain: {
    summary: "A matrix that can be undone, kept as the product of two triangles; on images, an invertible 1×1 convolution.",
    equation:
      "\\mathbf{y} = \\mathbf{L}\\mathbf{U}\\mathbf{x} + \\mathbf{b}, \\quad \\log\\left|\\frac{\\partial\\mathbf{y}}{\\partial\\mathbf{x}}\\right| = \\sum_d \\log u_{dd}",
  },
  examples: [{ inputs: { x: f32("batch", 3) } }, { params: { bias: false }, inputs: { x: f32("batch", 2, 2, 4) } }],
});

const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) as number]);
const volume = (x: tf.Tensor, logDiagonal: tf.Tensor): tf.Tensor =>
  sameEach(tf.mul(tf.sum(logDiagonal), sizeEach(x.shape) / (x.shape.at(-1) as number)), x);

function factors(w: { readonly lower: tf.Tensor; readonly upper: tf.Tensor; readonly logDiagonal: tf.Tensor }) {
  const size = w.logDiagonal.shape[0] as number;
  const mask = (keep: (i: number, j: number) => boolean) =>
    tf.tensor2d(
      Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (keep(i, j) ? 1 : 0))),
      [size, size],
    );
  const eye = tf.eye(size);
  const diagonal = tf.exp(w.logDiagonal);
  const above = tf.mul(
    w.upper,
    mask((i, j) => j > i),
  );
  const lower = tf.add(
    tf.mul(
      w.lower,
      mask((i, j) => j < i),
    ),
    eye,
  ) as tf.Tensor2D;
  return { lower, above, diagonal, upper: tf.add(above, tf.mul(eye, diagonal)) as tf.Tensor2D };
}

/** (I + N)⁻¹ of a strictly triangular N: I − N + N² − …, which ends, as (I − N)(I + N²)(I + N⁴)… */
function unitInverse(strict: tf.Tensor2D): tf.Tensor2D {
  const size = strict.shape[0];
  const eye = tf.eye(size);
  let power = tf.neg(strict) as tf.Tensor2D;
  let result = tf.add(eye, power) as tf.Tensor2D;
  for (let reach = 2; reach < size; reach *= 2) {
    power = tf.matMul(power, power);
    result = tf.matMul(result, tf.add(eye, power) as tf.Tensor2D);
  }
  return result;
}
