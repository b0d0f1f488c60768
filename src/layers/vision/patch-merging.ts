import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { standardise } from "../normalisation/channels.ts";
import { int } from "../params.ts";
import { windows } from "../window.ts";
import { cut } from "./patches.ts";

/** Swin's halving (Liu et al., 2021): four neighbours become one vector, normalised and mapped to `width`, usually twice the channels. */
export const patchMerging = defineLayer({
  type: "patch-merging",
  title: "Patch merging",
  family: "attention",
  book: "12.10.3",
  aliases: ["swin", "downsample", "space to depth", "halve"],
  params: z.object({ width: int({ min: 0, help: "Channels afterwards; 0: twice those that come.", default: 0 }) }),
  inputs: { x: { rank: 4, dtype: "float32", help: "A grid of tokens: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { width }) {
    const [batch, h, w, channels] = x.shape as [Dim, Dim, Dim, Dim];
    if (typeof h !== "number" || typeof w !== "number" || typeof channels !== "number" || h % 2 !== 0 || w % 2 !== 0)
      return problem("Pairs of rows and columns are merged, so their numbers must be even.", {
        port: "x",
        expected: "[batch, an even number, an even number, channels]",
        received: formatShape(x.shape),
      });
    return { y: f32(batch, h / 2, w / 2, width === 0 ? 2 * channels : width) };
  },
  weights({ x }, { width }) {
    const channels = x.shape[3] as number;
    return {
      gamma: { shape: [4 * channels], init: "ones" },
      beta: { shape: [4 * channels], init: "zeros" },
      kernel: { shape: [4 * channels, width === 0 ? 2 * channels : width], init: "glorot-uniform" },
    };
  },
  apply({ x }, w) {
    const [, height, columns, channels] = x.shape as [number, number, number, number];
    const merged = tf.reshape(cut(x, 2), [-1, 4 * channels]);
    const rows = tf.add(tf.mul(standardise(merged, [merged.rank - 1], 1e-5), w.gamma), w.beta);
    const y = tf.matMul(rows as tf.Tensor2D, w.kernel as tf.Tensor2D);
    return { y: tf.reshape(y, [-1, height / 2, columns / 2, y.shape[1] as number]) };
  },
  cost: ({ x }, { y }) => elementsPerExample(x.shape) * (y.shape[3] as number),
  window: () => windows([2, 2], [2, 2]),
  summary: ({ width }) => (width === 0 ? "→ twice the channels" : `→ ${width}`),
  explain: {
    summary: "Makes one token of four neighbours, with more channels.",
    equation: "\\mathbf{y} = \\boldsymbol\\Omega \\operatorname{LayerNorm}[\\mathbf{x}_{00}; \\mathbf{x}_{01}; \\mathbf{x}_{10}; \\mathbf{x}_{11}]",
  },
  examples: [{ inputs: { x: f32("batch", 4, 2, 2) } }, { params: { width: 3 }, inputs: { x: f32("batch", 2, 4, 1) } }],
});
