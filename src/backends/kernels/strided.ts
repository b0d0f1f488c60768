import { COPY, COPY_STRIDED, REPEAT, RUN, SCATTERED, SCATTERED_BYTES, TRANSPOSED } from "./assembly/move-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import type { Buffer, Emit } from "./emit.ts";

/** One axis of a copy: how many steps, and how far a step leads in the source and in the target, in elements. */
export interface Axis {
  readonly extent: number;
  readonly from: number;
  readonly to: number;
}

/** A stretch of a buffer: the offset is in elements. */
export interface Place {
  readonly buffer: Buffer;
  readonly offset: number;
}

/** Strides of a tensor that lies row by row, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** The same copy in as few axes as can be, the target's longest stride first: axes of one step go, axes that follow on each other are one. */
export function simplify(axes: readonly Axis[]): Axis[] {
  const sorted = axes.filter(({ extent }) => extent !== 1).sort((a, b) => Math.abs(b.to) - Math.abs(a.to));
  const merged: Axis[] = [];
  for (const axis of sorted) {
    const outer = merged.at(-1);
    if (outer && outer.from === axis.from * axis.extent && outer.to === axis.to * axis.extent) {
      merged[merged.length - 1] = { ...axis, extent: outer.extent * axis.extent };
    } else merged.push(axis);
  }
  return merged;
}

/** Whether a copy of `axes` leaves every element in its place. */
export function isIdentity(axes: readonly Axis[]): boolean {
  const [first, ...rest] = simplify(axes);
  return first === undefined || (rest.length === 0 && first.from === 1 && first.to === 1);
}

/** Bytes of one unit: enough that its bookkeeping does not count. */
const unitBytes = 16384;

/** Rows of one unit where a plane is transposed: fewer where they begin on the same lines of the cache and would drive each other out. */
const transposedRows = (stride: number): number => ((stride * 4) % 2048 === 0 ? 8 : 32);

/**
 * Copies elements along strides.
 * @param axes the copy's axes in any order
 * @param size bytes of an element
 */
export function emitCopy(emit: Emit, source: Place, target: Place, axes: readonly Axis[], size: number): void {
  if (axes.some(({ extent }) => extent === 0)) return;
  const simple = simplify(axes);
  const places = [source.buffer, source.offset * size, target.buffer, target.offset * size];
  const inner = simple.pop() ?? { extent: 1, from: 1, to: 1 };
  const bytes = inner.extent * size;
  if (inner.from === 1 && inner.to === 1 && simple.length === 0) {
    emit.command(COPY, chunksFor(bytes), ...places, bytes);
    return;
  }
  const run = inner.from === 1 && inner.to === 1;
  let mode = size === 4 ? SCATTERED : SCATTERED_BYTES;
  let row = simple.at(-1) ?? { extent: 1, from: 0, to: 0 };
  let outer = simple.slice(0, -1);
  if (run) mode = RUN;
  else if (size === 4 && inner.to === 1 && inner.from === 0) mode = REPEAT;
  else if (size === 4 && inner.to === 1 && inner.extent >= 4) {
    const side = simple.find(({ extent, from }) => from === 1 && extent >= 4);
    if (side) {
      mode = TRANSPOSED;
      row = side;
      outer = simple.filter((axis) => axis !== side);
    }
  }
  const rowsOfUnit = mode === TRANSPOSED ? transposedRows(row.to) : Math.max(1, Math.floor(unitBytes / bytes));
  const unitsOfPlane = Math.ceil(row.extent / rowsOfUnit);
  const planes = outer.reduce((product, { extent }) => product * extent, 1);
  const units = planes * unitsOfPlane;
  emit.command(
    COPY_STRIDED,
    Math.min(units, chunksFor(bytes * row.extent * planes)),
    ...places,
    ...[mode, rowsOfUnit, unitsOfPlane, units, outer.length],
    ...[row.extent, row.from * size, row.to * size],
    ...[run ? bytes : inner.extent, inner.from * size, inner.to * size],
    ...outer.reverse().flatMap(({ extent, from, to }) => [extent, from * size, to * size]),
  );
}
