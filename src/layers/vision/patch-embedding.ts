import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, int } from "../params.ts";
import { windows } from "../window.ts";
import { cut } from "./patches.ts";

/** One linear map of every square patch: the same as a convolution whose stride is its kernel (UDL 12.10.2). */
export const patchEmbedding = defineLayer({
  type: "patch-embedding",
  title: "Patch embedding",
  family: "attention",
  book: "12.10.2",
  aliases: ["vit", "vision transformer", "patchify", "image tokens", "swin"],
  params: z.object({
    patch: int({ max: 10_000, help: "Side of a patch, in pixels.", default: 16 }),
    width: int({ help: "Length of the vector that stands for a patch.", default: 64 }),
    layout: choice(["tokens", "grid"], {
      help: "One row of tokens [batch, patches, width], or a grid [batch, h, w, width] that windows can move over.",
    }),
    bias: flag({ default: true, help: "Add a learned offset." }),
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images: [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { patch, width, layout }) {
    const [batch, h, w, channels] = x.shape as [Dim, Dim, Dim, Dim];
    if (typeof h !== "number" || typeof w !== "number" || typeof channels !== "number")
      return problem("The images have no fixed size.", {
        port: "x",
        expected: "[batch, a number, a number, a number]",
        received: formatShape(x.shape),
      });
    if (h % patch !== 0 || w % patch !== 0) {
      const fitting = commonSide(h, w, patch);
      return problem(`Patches of ${patch} × ${patch} do not fill images of ${h} × ${w}.`, {
        port: "x",
        expected: `a height and a width that ${patch} divides`,
        received: `${h} × ${w}`,
        mend: { kind: "set", label: `Use patches of ${fitting} × ${fitting}`, params: { patch: fitting } },
      });
    }
    const [rows, columns] = [h / patch, w / patch];
    return { y: layout === "grid" ? f32(batch, rows, columns, width) : f32(batch, rows * columns, width) };
  },
  weights: ({ x }, { patch, width, bias }) => ({
    kernel: { shape: [patch, patch, x.shape[3] as number, width], init: "glorot-uniform", fanOut: width },
    bias: bias ? { shape: [width], init: "zeros" } : undefined,
  }),
  apply({ x }, w, { patch, width, layout }) {
    const [, height, columns, channels] = x.shape as [number, number, number, number];
    const inputs = patch * patch * channels;
    const patches = tf.reshape<tf.Rank.R2>(cut(x, patch), [-1, inputs]);
    const b = tf.reshape<tf.Rank.R2>(w.kernel, [inputs, width]);
    const y = tf.fused.matMul({ a: patches, b, ...(w.bias && { bias: w.bias }) });
    const [h, across] = [height / patch, columns / patch];
    return { y: tf.reshape(y, layout === "grid" ? [-1, h, across, width] : [-1, h * across, width]) };
  },
  cost: ({ x }, _y, { width }) => x.shape.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1) * width,
  window: ({ patch, layout }) => (layout === "grid" ? windows([patch, patch], [patch, patch]) : []),
  summary: ({ patch, width }) => `${patch} × ${patch} → ${width}`,
  explain: {
    summary: "Cuts images into square patches and maps each to a token.",
    equation: "\\mathbf{y}_n = \\boldsymbol\\beta + \\boldsymbol\\Omega \\operatorname{vec}(\\mathbf{P}_n)",
  },
  examples: [
    { params: { patch: 2, width: 5 }, inputs: { x: f32("batch", 4, 6, 3) } },
    { params: { patch: 3, width: 2, layout: "grid", bias: false }, inputs: { x: f32("batch", 6, 3, 1) } },
  ],
});

/** The largest side up to `wanted` that divides both. */
function commonSide(h: number, w: number, wanted: number): number {
  for (let side = Math.min(wanted, h, w); side > 1; side--) if (h % side === 0 && w % side === 0) return side;
  return 1;
}
