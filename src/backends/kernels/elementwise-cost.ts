import * as op from "./assembly/elementwise-opcodes.ts";

/** Nanoseconds an element that one thread takes, roughly: micro-operations in the first-level cache, and memory. */
const light = 0.12;
const heavy = 1;
const power = 10;
const stream = 0.35;

const heavyCodes = new Set<number>([op.EXP, op.EXPM1, op.LOG, op.LOG1P, op.TANH, op.SIGMOID, op.SOFTPLUS, op.ERF, op.ELU, op.SELU, op.SIN, op.COS]);

/** Nanoseconds of work that are worth being shared, and that a chunk should be. */
const worth = 12_000;
const piece = 25_000;
const mostChunks = 48;

/**
 * How a command over `elements` numbers is cut into chunks, all but the last a multiple of the block.
 * @param streams tensors of full size that are read or written
 */
export function elementwiseCost(elements: number, codes: readonly number[], streams: number): { chunks: number; perChunk: number } {
  const each = codes.reduce((sum, code) => sum + (code === op.POW ? power : heavyCodes.has(code) ? heavy : light), streams * stream);
  return cut(elements, each, op.BLOCK);
}

/** Cuts `count` equal parts, `each` of so many nanoseconds, into chunks of a multiple of `block`. */
export function cut(count: number, each: number, block: number): { chunks: number; perChunk: number } {
  const work = count * each;
  const wanted = work < worth ? 1 : Math.min(mostChunks, Math.max(2, Math.ceil(work / piece)));
  const perChunk = Math.max(block, Math.ceil(count / wanted / block) * block);
  return { chunks: Math.max(1, Math.ceil(count / perChunk)), perChunk };
}
