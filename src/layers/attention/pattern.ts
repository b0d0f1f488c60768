import * as tf from "@tensorflow/tfjs-core";
import { forbidden } from "./heads.ts";

/** Which tokens may attend to which: the interaction matrices of UDL figure 12.15. */
export interface Pattern {
  /** Nothing that comes later. */
  readonly causal: boolean;
  /** Steps of `dilation` tokens that one may look to each side, as a convolution does; 0 sets no limit, and the rest does not count. */
  readonly window: number;
  readonly dilation: number;
  /** Every so many tokens, one that attends to all and that all attend to; 0: none. */
  readonly every: number;
  /** Tokens at the start that attend to all and that all attend to. */
  readonly globals: number;
}

/** True if the token at place `i` may attend to the one at place `j`. */
export function interacts({ causal, window, dilation, every, globals }: Pattern, i: number, j: number): boolean {
  if (causal && j > i) return false;
  if (window === 0) return true;
  const far = Math.abs(i - j);
  if (far % dilation === 0 && far <= window * dilation) return true;
  return (every > 0 && (i % every === 0 || j % every === 0)) || i < globals || j < globals;
}

/** True if the pattern forbids anything. */
export const restricts = ({ causal, window }: Pattern): boolean => causal || window > 0;

/** Pairs of tokens that interact. Causal attention alone counts all of them, as it computes all of them. */
export function interactions(pattern: Pattern, tokens: number, keys: number): number {
  const { causal, window, dilation, globals } = pattern;
  if (window === 0) return tokens * keys;
  // No matrix is made: a shape that is only being typed may have a million tokens.
  const every = Math.min(pattern.every, Math.max(tokens, keys));
  const strides = stridesOnto(every, dilation);
  let pairs = 0;
  for (let i = 0; i < tokens; i++) {
    const end = causal ? Math.min(keys, i + 1) : keys;
    if (i < globals || (every > 0 && i % every === 0)) pairs += end;
    else {
      const begin = Math.min(globals, end);
      const low = Math.max(-window, Math.ceil((begin - i) / dilation));
      const high = Math.min(window, Math.floor((end - 1 - i) / dilation));
      const near = Math.max(0, high - low + 1);
      pairs += begin + near;
      if (every > 0) pairs += Math.ceil(end / every) - Math.ceil(begin / every) - (near > 0 ? strides(i, low, high) : 0);
    }
  }
  return pairs;
}

/** How many whole k from `low` to `high` there are for which i + k · dilation is a multiple of `every`. */
function stridesOnto(every: number, dilation: number): (i: number, low: number, high: number) => number {
  /** For each remainder of i the smallest such k from 0 on; they come again after as many as there are before the first remainder returns. */
  const first = new Int32Array(every).fill(-1);
  let period = 0;
  for (let at = 0; every > 0 && (first[at] as number) < 0; at = (at + every - (dilation % every)) % every) first[at] = period++;
  return (i, low, high) => {
    const k = first[i % every] as number;
    return k < 0 ? 0 : Math.floor((high - k) / period) - Math.floor((low - 1 - k) / period);
  };
}

/** `[tokens, keys]`: 0 where the pattern allows, a very negative number where it forbids. */
export const patternBias = (pattern: Pattern, tokens: number, keys: number): tf.Tensor =>
  tf.tensor2d(matrixOf(pattern, tokens, keys), [tokens, keys]);

/** Matrices by pattern and size: every layer asks for the same few again and again. The oldest give way. */
const known = new Map<string, Float32Array>();
/** All of them together; one that is larger by itself is not kept. */
const mostBytes = 64 * 2 ** 20;
let keptBytes = 0;

function matrixOf(pattern: Pattern, tokens: number, keys: number): Float32Array {
  const { causal, window, dilation, every, globals } = pattern;
  const key = [causal, window, dilation, every, globals, tokens, keys].join();
  const before = known.get(key);
  if (before) return before;
  const values = new Float32Array(tokens * keys);
  for (let i = 0; i < tokens; i++) for (let j = 0; j < keys; j++) if (!interacts(pattern, i, j)) values[i * keys + j] = forbidden;
  if (values.byteLength > mostBytes) return values;
  known.set(key, values);
  keptBytes += values.byteLength;
  for (const [old, { byteLength }] of known) {
    if (keptBytes <= mostBytes) break;
    known.delete(old);
    keptBytes -= byteLength;
  }
  return values;
}
