import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, i32, type TensorType } from "../../tensor/types.ts";
import { type ApplyContext, defineLayer, type LayerProblem, problem } from "../contract.ts";
import { divisorMend } from "../divisor.ts";
import { flag, int, real } from "../params.ts";
import { advanceAttention } from "./advance.ts";
import { allowedBy, forbidden, maskBias, mergeHeads, project, relativeBias, splitHeads } from "./heads.ts";
import { interactions, type Pattern, patternBias, restricts } from "./pattern.ts";

/** Length of one head's queries and keys. */
const keySize = (d: number, heads: number, width: number) => (width === 0 ? d / heads : width);

/** Sa_h[X] = V_h Softmax[K_hᵀQ_h / √D_q], the heads side by side, then one linear map (UDL 12.3.2–12.3.3, eq. 12.9–12.12). */
export const attention = defineLayer({
  type: "attention",
  title: "Multi-head attention",
  family: "attention",
  book: "12.3.3",
  aliases: ["self-attention", "cross-attention", "transformer", "masked attention", "mha", "scaled dot product", "sparse", "local", "relative"],
  params: z.object({
    heads: int({ min: 1, max: 1024, help: "Attention mechanisms side by side, each with its own queries, keys and values.", default: 4 }),
    width: int({
      min: 0,
      help: "Length of the queries and keys of one head; 0 divides the input's width by the heads.",
      title: "Head width",
      default: 0,
    }),
    causal: flag({ help: "Each token attends only to itself and to those before it, as a language model must." }),
    window: int({
      min: 0,
      help: "Each token attends to this many on either side, as a convolution does; 0: to all. Counted are the pairs that then remain.",
      default: 0,
    }),
    dilation: int({ help: "With a window: distance between the tokens attended to; 2 skips every other one.", default: 1 }),
    every: int({
      min: 0,
      help: "With a window: one token in so many attends to all and is attended to by all; 0: none.",
      title: "Selected, one in",
      default: 0,
    }),
    globals: int({
      min: 0,
      help: "With a window: so many tokens at the start attend to all and are attended to by all.",
      title: "Global tokens",
      default: 0,
    }),
    relative: int({
      min: 0,
      max: 4096,
      help: "Add a learned number for each distance up to this, one for each head: positions relative to the token that asks. 0: none.",
      title: "Relative positions",
      default: 0,
    }),
    bias: flag({ default: true, help: "Add learned offsets to queries, keys, values and outputs." }),
    dropout: real({ min: 0, max: 0.95, help: "Share of attention weights set to zero in training.", default: 0 }),
  }),
  inputs: {
    x: { rank: 3, dtype: "float32", help: "The tokens that ask: [batch, tokens, width]." },
    memory: { rank: 3, dtype: "float32", optional: true, help: "The tokens that are asked (cross-attention); the same as x if unconnected." },
    mask: { rank: 2, optional: true, help: "[batch, tokens]: 1 where a token may be attended to, 0 for padding." },
  },
  outputs: ["y", "attention"],
  infer({ x, memory, mask }, p) {
    const { heads, width } = p;
    const [batch, tokens, d] = x.shape as [Dim, Dim, Dim];
    const keys = (memory ?? x).shape[1] as Dim;
    const fault = widthFault(d, heads, width) ?? memoryFault(x, memory, restricts(p)) ?? maskFault(mask, batch, keys);
    return fault ?? { y: f32(...x.shape), attention: f32(batch, heads, tokens, keys) };
  },
  weights({ x, memory }, { heads, width, bias, relative }) {
    const d = x.shape[2] as number;
    const inner = heads * keySize(d, heads, width);
    const source = memory?.shape[2] as number;
    // Queries, keys and values lie in one matrix, but each starts as a matrix of its own would.
    const matrix = (from: number, parts: number) => ({ shape: [from, parts * inner], init: "glorot-uniform", fanIn: from, fanOut: inner }) as const;
    const offset = (size: number) => (bias ? ({ shape: [size], init: "zeros" } as const) : undefined);
    return {
      qkv: memory ? undefined : matrix(d, 3),
      qkvBias: memory ? undefined : offset(3 * inner),
      query: memory ? matrix(d, 1) : undefined,
      queryBias: memory ? offset(inner) : undefined,
      keyValue: memory ? matrix(source, 2) : undefined,
      keyValueBias: memory ? offset(2 * inner) : undefined,
      output: { shape: [inner, d], init: "glorot-uniform" },
      outputBias: offset(d),
      relative: relative > 0 ? { shape: [2 * relative + 1, heads], init: { normal: 0.02 }, decay: false } : undefined,
    };
  },
  apply({ x, memory, mask }, w, p, ctx) {
    const { heads, dropout } = p;
    const [q, k, v] = memory
      ? [...splitHeads(project(x, w.query, w.queryBias), heads, 1), ...splitHeads(project(memory, w.keyValue, w.keyValueBias), heads, 2)]
      : splitHeads(project(x, w.qkv, w.qkvBias), heads, 3);
    if (!q || !k || !v) throw new Error("Queries, keys and values are split into three.");
    // The queries are scaled rather than the products: they are the smaller tensor.
    let scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(q.shape[3] as number)), k, false, true);
    const [tokens, keys] = scores.shape.slice(2) as [number, number];
    if (w.relative) scores = tf.add(scores, relativeBias(w.relative, tokens, keys));
    const weights = softmaxOver(scores, p, mask);
    const mixed = mergeHeads(tf.matMul(dropped(weights, dropout, ctx), v));
    return { y: project(mixed, w.output, w.outputBias), attention: weights };
  },
  advance: ({ x, memory, mask }, w, p, ctx) => (memory || mask ? undefined : advanceAttention(x, w, p, ctx)),
  cost({ x, memory }, _y, p) {
    const { heads, width } = p;
    const d = x.shape[2] as number;
    const inner = heads * keySize(d, heads, width);
    const projections = 2 * elementsPerExample(x.shape) * inner + 2 * elementsPerExample((memory ?? x).shape) * inner;
    const [tokens, keys] = [x, memory ?? x].map(({ shape }) => (typeof shape[1] === "number" ? shape[1] : 1)) as [number, number];
    return projections + 2 * interactions(p, tokens, keys) * inner;
  },
  relevant: ({ window }) =>
    ["heads", "width", "causal", "window", "relative", "bias", "dropout"].concat(window > 0 ? ["dilation", "every", "globals"] : []),
  summary: ({ heads, causal, window, dilation }) =>
    `${heads} ${heads === 1 ? "head" : "heads"}${causal ? " · causal" : ""}${window > 0 ? ` · window ${window}` : ""}${window > 0 && dilation > 1 ? ` · dilation ${dilation}` : ""}`,
  explain: {
    summary: "Each token gathers information from the others, weighted by how well its query fits their keys.",
    equation:
      "\\mathrm{Sa}_h[\\mathbf{X}] = \\mathbf{V}_h\\,\\mathrm{Softmax}\\!\\left[\\frac{\\mathbf{K}_h^{\\!\\top}\\mathbf{Q}_h}{\\sqrt{D_q}}\\right], \\quad \\mathbf{Y} = \\boldsymbol\\Omega_c\\,[\\mathrm{Sa}_1^{\\top}, \\dots, \\mathrm{Sa}_H^{\\top}]^{\\top}",
  },
  examples: [
    { params: { heads: 2 }, inputs: { x: f32("batch", 5, 4) } },
    { params: { heads: 2, causal: true }, inputs: { x: f32("batch", "tokens", 4) } },
    { params: { heads: 3, width: 2, bias: false }, inputs: { x: f32("batch", 4, 5), memory: f32("batch", 6, 3) } },
    { params: { heads: 1 }, inputs: { x: f32("batch", 5, 3), mask: i32(["batch", 5], 2) } },
    { params: { heads: 2, window: 1, every: 3, relative: 2 }, inputs: { x: f32("batch", 6, 4) } },
    { params: { heads: 1, causal: true, window: 2, dilation: 2, globals: 1 }, inputs: { x: f32("batch", 6, 3) } },
    { params: { heads: 2, causal: true, dropout: 0.2 }, inputs: { x: f32("batch", 5, 4), mask: i32(["batch", 5], 2) } },
  ],
});

function widthFault(d: Dim, heads: number, width: number): LayerProblem | undefined {
  if (typeof d !== "number")
    return problem("The vectors have no fixed width, so the weights cannot have one.", { port: "x", expected: "[batch, tokens, width]" });
  if (width !== 0 || d % heads === 0) return undefined;
  return problem("The width of the tokens cannot be divided among the heads.", {
    port: "x",
    expected: `a width that ${heads} divides, or a head width`,
    received: `width ${d}`,
    mend: divisorMend("heads", "head", heads, d),
  });
}

function memoryFault(x: TensorType, memory: TensorType | undefined, restricted: boolean): LayerProblem | undefined {
  if (!memory) return undefined;
  if (typeof memory.shape[2] !== "number")
    return problem("The memory's vectors have no fixed width, so the weights cannot have one.", {
      port: "memory",
      expected: "[batch, tokens, width]",
    });
  if (memory.shape[0] !== x.shape[0])
    return problem("The memory has another number of examples than x.", {
      port: "memory",
      expected: `${x.shape[0]} examples`,
      received: `${memory.shape[0]}`,
    });
  if (restricted && memory.shape[1] !== x.shape[1])
    return problem("Causal attention and windows compare positions, but x and the memory differ in length.", {
      port: "memory",
      expected: `${x.shape[1]} tokens`,
      received: `${memory.shape[1]}`,
      mend: { kind: "set", label: "Let every token attend to the whole memory", params: { causal: false, window: 0 } },
    });
  return undefined;
}

function maskFault(mask: TensorType | undefined, batch: Dim, keys: Dim): LayerProblem | undefined {
  if (!mask || (mask.shape[0] === batch && mask.shape[1] === keys)) return undefined;
  return problem("The mask does not fit the tokens that are attended to.", {
    port: "mask",
    expected: `[${batch}, ${keys}]`,
    received: `[${mask.shape.join(", ")}]`,
  });
}

/** Attention weights from scores `[batch, heads, tokens, keys]`: a softmax over the keys that pattern and mask allow. */
function softmaxOver(scores: tf.Tensor, pattern: Pattern, mask: tf.Tensor | undefined): tf.Tensor {
  const [tokens, keys] = scores.shape.slice(2) as [number, number];
  if (!mask) return tf.softmax(restricts(pattern) ? tf.add(scores, patternBias(pattern, tokens, keys)) : scores);
  if (pattern.window === 0) {
    // Both biases first, since the smaller one has no batch axis.
    const bias = maskBias(mask);
    return tf.softmax(tf.add(scores, pattern.causal ? tf.add(patternBias(pattern, tokens, keys), bias) : bias));
  }
  // A window may hold nothing but padding: then nothing is gathered. Scores are replaced rather than lowered, so that none of them shows.
  const allowed = tf.mul(tf.add(1, tf.div(patternBias(pattern, tokens, keys), -forbidden)), allowedBy(mask));
  return tf.mul(tf.softmax(tf.add(tf.mul(scores, allowed), tf.mul(tf.sub(1, allowed), forbidden))), allowed);
}

/** Inverted dropout over the attention weights, in training only. */
function dropped(weights: tf.Tensor, rate: number, ctx: ApplyContext): tf.Tensor {
  if (!ctx.training || rate === 0) return weights;
  const kept = tf.step(tf.sub(ctx.rng.uniform(weights.shape), rate));
  return tf.mul(weights, tf.mul(kept, 1 / (1 - rate)));
}
