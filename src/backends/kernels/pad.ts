import type { MirrorPadAttrs, PadV2Attrs } from "@tensorflow/tfjs-core";
import { FILL, MIRROR_PAD, PAD } from "./assembly/move-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { bytesOf, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { wordOf } from "./fill.ts";
import { defineLowering } from "./lowering.ts";
import { type Axis, emitCopy, stridesOf } from "./strided.ts";

/** One axis, in elements: what comes before and after the source's. */
interface PaddedAxis {
  readonly before: number;
  readonly extent: number;
  readonly after: number;
  readonly stride: number;
}

type Paddings = readonly (readonly [number, number])[];

/** Axes without a border are one with the axis before them. */
function paddedAxes({ shape }: Operand, paddings: Paddings, isMerged: boolean): PaddedAxis[] {
  const strides = stridesOf(shape);
  const axes: PaddedAxis[] = [];
  for (const [axis, extent] of shape.entries()) {
    const [before, after] = paddings[axis] as readonly [number, number];
    const outer = axes.at(-1);
    const stride = strides[axis] as number;
    if (outer && before === 0 && after === 0 && (isMerged || (outer.before === 0 && outer.after === 0))) {
      axes[axes.length - 1] = { before: outer.before * extent, extent: outer.extent * extent, after: outer.after * extent, stride };
    } else axes.push({ before, extent, after, stride });
  }
  return axes;
}

const paddedShape = ({ shape }: Operand, paddings: Paddings): number[] =>
  shape.map((extent, axis) => extent + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));

/** The outer axes as the kernels take them, innermost first. */
const words = (axes: readonly PaddedAxis[]): number[] =>
  axes.toReversed().flatMap(({ before, extent, after, stride }) => [before + extent + after, before, extent, stride * 4]);

const rowsOf = (axes: readonly PaddedAxis[]): number => axes.reduce((product, { before, extent, after }) => product * (before + extent + after), 1);

/** Elements of rows that are not worth the bookkeeping of a row: all is filled, and the source copied into it. */
const shortRow = 8;

const pad = defineLowering<"x", PadV2Attrs>(({ x }, { paddings, constantValue }, emit) => {
  const shape = paddedShape(x, paddings);
  if (sizeOf(shape) === sizeOf(x.shape)) return { ...x, shape };
  const word = wordOf(constantValue, x.dtype);
  if (word === undefined) return undefined;
  const output = emit.output(shape, x.dtype);
  if (sizeOf(shape) === 0) return output;
  const axes = paddedAxes(x, paddings, true);
  const row = axes.pop() ?? { before: 0, extent: 1, after: 0, stride: 1 };
  const rows = rowsOf(axes);
  if (row.extent <= shortRow) {
    const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
    emit.command(FILL, chunksFor(bytesOf(shape, x.dtype)), output.buffer, sizeOf(shape), word);
    const offset = to.reduce((sum, stride, axis) => sum + stride * (paddings[axis]?.[0] ?? 0), 0);
    const moved = x.shape.map((extent, axis): Axis => ({ extent, from: from[axis] as number, to: to[axis] as number }));
    emitCopy(emit, { buffer: x.buffer, offset: 0 }, { buffer: output.buffer, offset }, moved, 4);
    return output;
  }
  emit.command(
    PAD,
    Math.min(rows, chunksFor(bytesOf(shape, x.dtype))),
    ...[x.buffer, output.buffer, word, axes.length, rows],
    ...[row.before * 4, row.extent * 4, row.after * 4],
    ...words(axes),
  );
  return output;
});

const mirrorPad = defineLowering<"x", MirrorPadAttrs>(({ x }, { paddings, mode }, emit) => {
  const shape = paddedShape(x, paddings);
  if (x.dtype === "bool" || sizeOf(x.shape) === 0) return undefined;
  const output = emit.output(shape, x.dtype);
  const axes = paddedAxes(x, paddings, false);
  const last = axes.at(-1);
  const width = last && last.before === 0 && last.after === 0 ? (axes.pop()?.extent ?? 1) : 1;
  const rows = rowsOf(axes);
  emit.command(
    MIRROR_PAD,
    Math.min(rows, chunksFor(bytesOf(shape, x.dtype))),
    ...[x.buffer, output.buffer, width * 4, axes.length, rows, mode === "reflect" ? 0 : 1],
    ...words(axes),
  );
  return output;
});

export const padLowerings: Readonly<Record<string, Lowering>> = { PadV2: pad, MirrorPad: mirrorPad };
