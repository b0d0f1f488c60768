import * as tf from "@tensorflow/tfjs-core";
import type { AdvanceContext, Advanced } from "../contract.ts";
import { forbidden, mergeHeads, project, relativeBias, splitHeads } from "./heads.ts";
import { interacts, type Pattern } from "./pattern.ts";

interface Weights {
  readonly qkv?: tf.Tensor | undefined;
  readonly qkvBias?: tf.Tensor | undefined;
  readonly output: tf.Tensor;
  readonly outputBias?: tf.Tensor | undefined;
  readonly relative?: tf.Tensor | undefined;
}

/**
 * Causal self-attention over the next positions: queries are made of them alone, keys and values are kept of all that came before (the
 * key–value cache), so that a new token costs as many products as it has predecessors and not their square.
 * @param x `[batch, next, width]`
 */
export function advanceAttention(
  x: tf.Tensor,
  w: Weights,
  p: Pattern & { readonly heads: number },
  { offset, kept }: AdvanceContext,
): Advanced | undefined {
  if (!p.causal) return undefined;
  const [q, k, v] = splitHeads(project(x, w.qkv, w.qkvBias), p.heads, 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const keys = kept.keys ? tf.concat([kept.keys, k], 2) : k;
  const values = kept.values ? tf.concat([kept.values, v], 2) : v;
  const [next, all] = [q.shape[2], keys.shape[2]] as [number, number];
  let scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(q.shape[3] as number)), keys, false, true);
  if (w.relative) scores = tf.add(scores, relativeBias(w.relative, next, all, offset));
  // A single position without a window may attend to all there is.
  if (next > 1 || p.window > 0) scores = tf.add(scores, rowsOf(p, next, all, offset));
  const mixed = mergeHeads(tf.matMul(tf.softmax(scores), values));
  return { outputs: { y: project(mixed, w.output, w.outputBias) }, keep: { keys, values } };
}

/** Rows `offset` and on of the pattern's matrix, `[next, all]`. */
function rowsOf(pattern: Pattern, next: number, all: number, offset: number): tf.Tensor {
  const bias = Float32Array.from({ length: next * all }, (_, n) => (interacts(pattern, offset + Math.floor(n / all), n % all) ? 0 : forbidden));
  return tf.tensor2d(bias, [next, all]);
}
