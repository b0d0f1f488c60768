import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { mergeHeads, project, splitHeads } from "../attention/heads.ts";
import { defineLayer, problem } from "../contract.ts";
import { divisorMend } from "../divisor.ts";
import { flag, int } from "../params.ts";

/**
 * Attention with the roles of tokens and channels exchanged: each channel of a group gathers from the group's others, over all places at
 * once, so that cost grows with the number of tokens only linearly (DaViT: Ding et al., 2022).
 */
export const channelAttention = defineLayer({
  type: "channel-attention",
  title: "Channel attention",
  family: "attention",
  book: "12.10.3",
  aliases: ["davit", "dual attention", "transposed attention", "global"],
  params: z.object({
    groups: int({ max: 1024, help: "Groups of channels, which do not see each other: what heads are to tokens.", default: 3 }),
    bias: flag({ default: true, help: "Add learned offsets to queries, keys, values and outputs." }),
  }),
  inputs: { x: { rank: [3, 4], dtype: "float32", help: "Tokens [batch, tokens, width] or a grid of them [batch, height, width, channels]." } },
  outputs: ["y", "attention"],
  infer({ x }, { groups }) {
    const d = x.shape.at(-1);
    if (typeof d !== "number")
      return problem("The vectors have no fixed width.", { port: "x", expected: "[batch, …, width]", received: formatShape(x.shape) });
    if (d % groups !== 0) {
      return problem("The channels cannot be divided among the groups.", {
        port: "x",
        expected: `a width that ${groups} divides`,
        received: `width ${d}`,
        mend: divisorMend("groups", "group", groups, d),
      });
    }
    return { y: f32(...x.shape), attention: f32(x.shape[0] ?? "batch", groups, d / groups, d / groups) };
  },
  weights({ x }, { bias }) {
    const d = x.shape.at(-1) as number;
    const offset = (size: number) => (bias ? ({ shape: [size], init: "zeros" } as const) : undefined);
    return {
      qkv: { shape: [d, 3 * d], init: "glorot-uniform", fanIn: d, fanOut: d },
      qkvBias: offset(3 * d),
      output: { shape: [d, d], init: "glorot-uniform" },
      outputBias: offset(d),
    };
  },
  apply({ x }, w, { groups }) {
    const size = x.shape.at(-1) as number;
    const places = x.shape.slice(1, -1);
    const tokens = tf.reshape(x, [-1, places.reduce((n, dim) => n * dim, 1), size]);
    const [q, k, v] = splitHeads(project(tokens, w.qkv, w.qkvBias), groups, 3);
    if (!q || !k || !v) throw new Error("Queries, keys and values are split into three.");
    const weights = tf.softmax(tf.matMul(tf.mul(q, 1 / Math.sqrt(size / groups)), k, true, false));
    const mixed = project(mergeHeads(tf.matMul(v, weights, false, true)), w.output, w.outputBias);
    return { y: tf.reshape(mixed, [-1, ...places, size]), attention: weights };
  },
  cost({ x }, _y, { groups }) {
    const d = x.shape.at(-1) as number;
    return elementsPerExample(x.shape) * (4 * d + (2 * d) / groups);
  },
  summary: ({ groups }) => `${groups} ${groups === 1 ? "group" : "groups"}`,
  explain: {
    summary: "Each channel gathers from other channels, weighted by how alike they are over all places.",
    equation:
      "\\mathrm{Ca}_g[\\mathbf{X}] = \\mathrm{Softmax}\\!\\left[\\frac{\\mathbf{Q}_g\\mathbf{K}_g^{\\!\\top}}{\\sqrt{C_g}}\\right] \\mathbf{V}_g",
  },
  examples: [
    { params: { groups: 2 }, inputs: { x: f32("batch", 5, 4) } },
    { params: { groups: 1, bias: false }, inputs: { x: f32("batch", 2, 3, 2) } },
  ],
});
