import * as op from "./assembly/elementwise-opcodes.ts";
import { sizeOf } from "./emit.ts";

/** How an elementwise command finds an operand's numbers: a kind and the words that belong to it. */
export interface Access {
  readonly kind: number;
  readonly words: readonly number[];
}

const full: Access = { kind: op.FULL, words: [] };
const scalar: Access = { kind: op.SCALAR, words: [] };

/** The way to an operand of shape `from` that is broadcast to `to`; undefined if it changes between repeating and moving on too often. */
export function accessOf(from: readonly number[], to: readonly number[]): Access | undefined {
  const size = sizeOf(from);
  if (size === sizeOf(to)) return full;
  if (size === 1) return scalar;
  const runs = runsOf(from, to);
  const [outer, inner] = runs;
  if (runs.length === 2 && outer?.repeats && inner) return { kind: op.ROW, words: [inner.size] };
  return runs.length > 4 ? undefined : strided(runs);
}

interface Run {
  size: number;
  /** The operand has one number for the whole run of dimensions. */
  readonly repeats: boolean;
}

/** Neighbouring dimensions that are treated alike, as one. */
function runsOf(from: readonly number[], to: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const [i, size] of to.entries()) {
    if (size === 1) continue;
    const own = from[i - (to.length - from.length)] ?? 1;
    const last = runs.at(-1);
    if (last && last.repeats === (own === 1)) last.size *= size;
    else runs.push({ size, repeats: own === 1 });
  }
  return runs;
}

function strided(runs: readonly Run[]): Access {
  const sizes = [1, 1, 1, 1];
  const strides = [0, 0, 0, 0];
  let stride = 1;
  for (const [i, { size, repeats }] of [...runs].reverse().entries()) {
    sizes[3 - i] = size;
    strides[3 - i] = repeats ? 0 : stride;
    if (!repeats) stride *= size;
  }
  return { kind: op.STRIDED, words: [...sizes.slice(1), ...strides] };
}

/** The shape that several shapes are broadcast to; undefined if they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (const [i, size] of shape.entries()) {
      const at = rank - shape.length + i;
      if (result[at] === 1) result[at] = size;
      else if (size !== 1 && size !== result[at]) return undefined;
    }
  }
  return result;
}
