import { type Operand, sizeOf } from "./emit.ts";

/** Axes as a kernel was given them, as indices from 0 in order; none given means all. */
export function axesOf(axis: unknown, rank: number): number[] {
  const given = typeof axis === "number" ? [axis] : Array.isArray(axis) ? (axis as number[]) : Array.from({ length: rank }, (_, i) => i);
  return given.map((i) => (i < 0 ? i + rank : i)).sort((a, b) => a - b);
}

/** The shape after a reduction over axes. */
export const reducedShape = (shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] =>
  keepDims ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : shape.filter((_, i) => !axes.includes(i));

/** Numbers before, along and after one axis. */
export function around({ shape }: Operand, axis: number): { outer: number; length: number; inner: number } {
  const at = axis < 0 ? axis + shape.length : axis;
  return { outer: sizeOf(shape.slice(0, at)), length: shape[at] ?? 1, inner: sizeOf(shape.slice(at + 1)) };
}

/**
 * The stages of a reduction over axes, the last axes first: each sees its input as [outer, reduced, inner] and leaves [outer, inner].
 * Neighbouring axes are reduced in one stage, axes of length 1 in none.
 */
export function stagesOf(shape: readonly number[], axes: readonly number[]): { outer: number; reduced: number; inner: number }[] {
  const stages: { outer: number; reduced: number; inner: number }[] = [];
  let inner = 1;
  let reduced = 1;
  const finish = (outer: number) => {
    if (reduced > 1) stages.push({ outer, reduced, inner });
    reduced = 1;
  };
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i] ?? 1;
    if (axes.includes(i)) reduced *= n;
    else if (n !== 1) {
      finish(sizeOf(shape.slice(0, i + 1)));
      inner *= n;
    }
  }
  finish(1);
  return stages;
}
