import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { biasFrom, forbidden, mergeHeads, project, splitHeads } from "../attention/heads.ts";
import { defineLayer, type LayerProblem, problem } from "../contract.ts";
import { divisorMend } from "../divisor.ts";
import { flag, int } from "../params.ts";
import { cut, join, roll } from "./patches.ts";

/** Where a window covers a whole side there is nothing to shift to. */
const shiftOf = ({ window, shift }: { window: number; shift: number }, h: number, w: number) => (Math.min(h, w) <= window ? 0 : shift);

/**
 * Attention among the tokens of a square window only, the grid moved by `shift` beforehand and back afterwards, so that layers take turns
 * in which windows they have (Swin: Liu et al., 2021). What lay at opposite edges does not attend to each other.
 */
export const windowAttention = defineLayer({
  type: "window-attention",
  title: "Window attention",
  family: "attention",
  book: "12.10.3",
  aliases: ["swin", "shifted window", "local attention", "davit", "vision transformer"],
  params: z.object({
    heads: int({ max: 1024, help: "Attention mechanisms side by side.", default: 3 }),
    window: int({ max: 1024, help: "Side of a window, in tokens.", default: 7 }),
    shift: int({
      min: 0,
      max: 1023,
      help: "Rows and columns by which the windows are moved; half a window in every other layer of Swin.",
      default: 0,
    }),
    relative: flag({ default: true, title: "Relative positions", help: "Learn a number for each offset within a window, one for each head." }),
    bias: flag({ default: true, help: "Add learned offsets to queries, keys, values and outputs." }),
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "A grid of tokens: [batch, height, width, channels]." } },
  outputs: ["y", "attention"],
  infer({ x }, p) {
    const [batch, h, w] = x.shape as [Dim, Dim, Dim, Dim];
    const fault = gridFault(x.shape, p);
    if (fault) return fault;
    const tokens = p.window ** 2;
    return { y: f32(...x.shape), attention: f32(batch, ((h as number) * (w as number)) / tokens, p.heads, tokens, tokens) };
  },
  weights({ x }, { heads, window, relative, bias }) {
    const d = x.shape[3] as number;
    const offset = (size: number) => (bias ? ({ shape: [size], init: "zeros" } as const) : undefined);
    return {
      qkv: { shape: [d, 3 * d], init: "glorot-uniform", fanIn: d, fanOut: d },
      qkvBias: offset(3 * d),
      output: { shape: [d, d], init: "glorot-uniform" },
      outputBias: offset(d),
      relative: relative ? { shape: [(2 * window - 1) ** 2, heads], init: { normal: 0.02 }, decay: false } : undefined,
    };
  },
  apply({ x }, w, p) {
    const { heads, window } = p;
    const [, height, width] = x.shape as [number, number, number, number];
    const shift = shiftOf(p, height, width);
    const tokens = window * window;
    const windows = (height * width) / tokens;
    const [q, k, v] = splitHeads(project(cut(roll(x, shift), window), w.qkv, w.qkvBias), heads, 3);
    if (!q || !k || !v) throw new Error("Queries, keys and values are split into three.");
    let scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(q.shape[3] as number)), k, false, true);
    if (w.relative) scores = tf.add(scores, biasFrom(w.relative, offsets(window), tokens, tokens));
    if (shift > 0) {
      const apart = tf.tensor4d(separation(height, width, window, shift), [windows, 1, tokens, tokens]);
      scores = tf.reshape(tf.add(tf.reshape(scores, [-1, windows, heads, tokens, tokens]), apart), [-1, heads, tokens, tokens]);
    }
    const weights = tf.softmax(scores);
    const mixed = project(mergeHeads(tf.matMul(weights, v)), w.output, w.outputBias);
    return { y: roll(join(mixed, window, height, width), -shift), attention: tf.reshape(weights, [-1, windows, heads, tokens, tokens]) };
  },
  cost({ x }, _y, { window }) {
    const d = x.shape[3] as number;
    return elementsPerExample(x.shape) * (4 * d + 2 * window * window);
  },
  summary: ({ heads, window, shift }) => `${heads} ${heads === 1 ? "head" : "heads"} · ${window} × ${window}${shift > 0 ? ` · shift ${shift}` : ""}`,
  explain: {
    summary: "Attention within square windows of a grid; shifted windows join what the others part.",
    equation:
      "\\mathrm{Sa}_h = \\mathbf{V}_h\\,\\mathrm{Softmax}\\!\\left[\\frac{\\mathbf{K}_h^{\\!\\top}\\mathbf{Q}_h}{\\sqrt{D_q}} + \\mathbf{B}_h\\right] \\text{ in each window}",
  },
  examples: [
    { params: { heads: 2, window: 2 }, inputs: { x: f32("batch", 4, 2, 4) } },
    { params: { heads: 1, window: 2, shift: 1 }, inputs: { x: f32("batch", 4, 4, 2) } },
    { params: { heads: 1, window: 3, shift: 1, relative: false, bias: false }, inputs: { x: f32("batch", 3, 6, 2) } },
  ],
});

function gridFault(shape: readonly Dim[], { heads, window, shift }: { heads: number; window: number; shift: number }): LayerProblem | undefined {
  const [, h, w, d] = shape;
  if (typeof h !== "number" || typeof w !== "number" || typeof d !== "number")
    return problem("The grid has no fixed size.", { port: "x", expected: "[batch, a number, a number, a number]", received: formatShape(shape) });
  if (h % window !== 0 || w % window !== 0) {
    let fitting = Math.min(window, h, w);
    while (h % fitting !== 0 || w % fitting !== 0) fitting--;
    return problem(`Windows of ${window} × ${window} do not fill a grid of ${h} × ${w}.`, {
      port: "x",
      expected: `a height and a width that ${window} divides`,
      received: `${h} × ${w}`,
      mend: {
        kind: "set",
        label: `Use windows of ${fitting} × ${fitting}`,
        params: { window: fitting, shift: Math.floor(fitting / 2) * Math.sign(shift) },
      },
    });
  }
  if (shift >= window)
    return problem("A shift by a whole window or more is no other than a smaller one.", {
      expected: `less than ${window}`,
      received: `${shift}`,
      mend: { kind: "set", label: "Shift by half a window", params: { shift: Math.floor(window / 2) } },
    });
  if (d % heads === 0) return undefined;
  return problem("The width of the tokens cannot be divided among the heads.", {
    port: "x",
    expected: `a width that ${heads} divides`,
    received: `width ${d}`,
    mend: divisorMend("heads", "head", heads, d),
  });
}

/** For each pair of places in a window, the row of the table for the offset between them. */
function offsets(window: number): Int32Array {
  const tokens = window * window;
  const row = (a: number, b: number) => {
    const down = Math.floor(b / window) - Math.floor(a / window) + window - 1;
    return down * (2 * window - 1) + (b % window) - (a % window) + window - 1;
  };
  return Int32Array.from({ length: tokens * tokens }, (_, n) => row(Math.floor(n / tokens), n % tokens));
}

/** `[windows, tokens, tokens]`: forbids pairs that shifting brought together across an edge of the grid. */
function separation(height: number, width: number, window: number, shift: number): Float32Array {
  const tokens = window * window;
  const across = width / window;
  const values = new Float32Array(height * width * tokens);
  const part = (at: number, size: number) => (at < size - window ? 0 : at < size - shift ? 1 : 2);
  const region = (which: number, place: number) => {
    const row = Math.floor(which / across) * window + Math.floor(place / window);
    const column = (which % across) * window + (place % window);
    return 3 * part(row, height) + part(column, width);
  };
  for (let which = 0; which < (height * width) / tokens; which++)
    for (let a = 0; a < tokens; a++)
      for (let b = 0; b < tokens; b++) if (region(which, a) !== region(which, b)) values[(which * tokens + a) * tokens + b] = forbidden;
  return values;
}
