import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, i32, type TensorType } from "../../tensor/types.ts";
import { type ApplyContext, defineLayer, type LayerProblem, problem } from "../contract.ts";
import { flag, int, real } from "../params.ts";
import { causalBias, maskBias, mergeHeads, project, splitHeads } from "./heads.ts";

/** Length of one head's queries and keys. */
const keySize = (d: number, heads: number, width: number) => (width === 0 ? d / heads : width);

/** Sa_h[X] = V_h Softmax[K_hᵀQ_h / √D_q], the heads side by side, then one linear map (UDL 12.3.2–12.3.3, eq. 12.9–12.12). */
export const attention = defineLayer({
  type: "attention",
  title: "Multi-head attention",
  family: "attention",
  book: "12.3.3",
  aliases: ["self-attention", "cross-attention", "transformer", "masked attention", "mha", "scaled dot product"],
  params: z.object({
    heads: int({ min: 1, max: 1024, help: "Attention mechanisms side by side, each with its own queries, keys and values.", default: 4 }),
    width: int({
      min: 0,
      help: "Length of the queries and keys of one head; 0 divides the input's width by the heads.",
      title: "Head width",
      default: 0,
    }),
    causal: flag({ help: "Each token attends only to itself and to those before it, as a language model must." }),
    bias: flag({ default: true, help: "Add learned offsets to queries, keys, values and outputs." }),
    dropout: real({ min: 0, max: 0.95, help: "Share of attention weights set to zero in training.", default: 0 }),
  }),
  inputs: {
    x: { rank: 3, dtype: "float32", help: "The tokens that ask: [batch, tokens, width]." },
    memory: { rank: 3, dtype: "float32", optional: true, help: "The tokens that are asked (cross-attention); the same as x if unconnected." },
    mask: { rank: 2, optional: true, help: "[batch, tokens]: 1 where a token may be attended to, 0 for padding." },
  },
  outputs: ["y", "attention"],
  infer({ x, memory, mask }, { heads, width, causal }) {
    const [batch, tokens, d] = x.shape as [Dim, Dim, Dim];
    const keys = (memory ?? x).shape[1] as Dim;
    const fault = widthFault(d, heads, width) ?? memoryFault(x, memory, causal) ?? maskFault(mask, batch, keys);
    return fault ?? { y: f32(...x.shape), attention: f32(batch, heads, tokens, keys) };
  },
  weights({ x, memory }, { heads, width, bias }) {
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
    };
  },
  apply({ x, memory, mask }, w, { heads, causal, dropout }, ctx) {
    const [q, k, v] = memory
      ? [...splitHeads(project(x, w.query, w.queryBias), heads, 1), ...splitHeads(project(memory, w.keyValue, w.keyValueBias), heads, 2)]
      : splitHeads(project(x, w.qkv, w.qkvBias), heads, 3);
    if (!q || !k || !v) throw new Error("Queries, keys and values are split into three.");
    // The queries are scaled rather than the products: they are the smaller tensor.
    let scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(q.shape[3] as number)), k, false, true);
    const [tokens, keys] = scores.shape.slice(2) as [number, number];
    const biases = [...(causal ? [causalBias(tokens, keys)] : []), ...(mask ? [maskBias(mask)] : [])];
    if (biases.length > 0)
      scores = tf.add(scores, biases.length === 2 ? tf.add(biases[0] as tf.Tensor, biases[1] as tf.Tensor) : (biases[0] as tf.Tensor));
    const weights = tf.softmax(scores);
    const mixed = mergeHeads(tf.matMul(dropped(weights, dropout, ctx), v));
    return { y: project(mixed, w.output, w.outputBias), attention: weights };
  },
  cost({ x, memory }, { attention: weights }, { heads, width }) {
    const d = x.shape[2] as number;
    const inner = heads * keySize(d, heads, width);
    const projections = 2 * elementsPerExample(x.shape) * inner + 2 * elementsPerExample((memory ?? x).shape) * inner;
    return projections + 2 * elementsPerExample(weights.shape) * keySize(d, heads, width);
  },
  summary: ({ heads, causal }) => `${heads} ${heads === 1 ? "head" : "heads"}${causal ? " · causal" : ""}`,
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
    { params: { heads: 2, causal: true, dropout: 0.2 }, inputs: { x: f32("batch", 5, 4), mask: i32(["batch", 5], 2) } },
  ],
});

function widthFault(d: Dim, heads: number, width: number): LayerProblem | undefined {
  if (typeof d !== "number")
    return problem("The vectors have no fixed width, so the weights cannot have one.", { port: "x", expected: "[batch, tokens, width]" });
  if (width !== 0 || d % heads === 0) return undefined;
  let fitting = Math.min(heads, d);
  while (d % fitting !== 0) fitting--;
  return problem("The width of the tokens cannot be divided among the heads.", {
    port: "x",
    expected: `a width that ${heads} divides, or a head width`,
    received: `width ${d}`,
    mend: { kind: "set", label: `Use ${fitting} ${fitting === 1 ? "head" : "heads"}`, params: { heads: fitting } },
  });
}

function memoryFault(x: TensorType, memory: TensorType | undefined, causal: boolean): LayerProblem | undefined {
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
  if (causal && memory.shape[1] !== x.shape[1])
    return problem("Causal attention compares positions, but x and the memory differ in length.", {
      port: "memory",
      expected: `${x.shape[1]} tokens`,
      received: `${memory.shape[1]}`,
      mend: { kind: "set", label: "Let every token attend to the whole memory", params: { causal: false } },
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

/** Inverted dropout over the attention weights, in training only. */
function dropped(weights: tf.Tensor, rate: number, ctx: ApplyContext): tf.Tensor {
  if (!ctx.training || rate === 0) return weights;
  const kept = tf.step(tf.sub(ctx.rng.uniform(weights.shape), rate));
  return tf.mul(weights, tf.mul(kept, 1 / (1 - rate)));
}
