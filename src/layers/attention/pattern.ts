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
  return pattern.window === 0 ? tokens * keys : matrixOf(pattern, tokens, keys).pairs;
}

/** `[tokens, keys]`: 0 where the pattern allows, a very negative number where it forbids. */
export const patternBias = (pattern: Pattern, tokens: number, keys: number): tf.Tensor =>
  tf.tensor2d(matrixOf(pattern, tokens, keys).values, [tokens, keys]);

interface Matrix {
  readonly values: Float32Array;
  readonly pairs: number;
}
/** Matrices by pattern and size: every layer asks for the same few again and again. The oldest give way. */
const known = new Map<string, Matrix>();
const most = 16;

function matrixOf(pattern: Pattern, tokens: number, keys: number): Matrix {
  const { causal, window, dilation, every, globals } = pattern;
  const key = [causal, window, dilation, every, globals, tokens, keys].join();
  const before = known.get(key);
  if (before) return before;
  const values = new Float32Array(tokens * keys);
  let pairs = 0;
  for (let i = 0; i < tokens; i++)
    for (let j = 0; j < keys; j++) {
      if (interacts(pattern, i, j)) pairs++;
      else values[i * keys + j] = forbidden;
    }
  const made = { values, pairs };
  known.set(key, made);
  for (const old of known.keys()) {
    if (known.size <= most) break;
    known.delete(old);
  }
  return made;
}
