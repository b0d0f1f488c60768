import { backend_util, type ConcatAttrs, type PackAttrs, type SplitVAttrs, type UnpackAttrs, util } from "@tensorflow/tfjs-core";
import { type Emit, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { type Axis, emitCopy, stridesOf } from "./strided.ts";
import { elementBytes, infoOf, part } from "./view.ts";

/** Pieces of x along an axis. */
function split(emit: Emit, x: Operand, axis: number, sizes: readonly number[]): Operand[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += size;
    return part(
      emit,
      x,
      begin,
      x.shape.map((extent, i) => (i === axis ? size : extent)),
    );
  });
}

const splitV = defineLowering<"x", SplitVAttrs>(({ x }, { numOrSizeSplits, axis }, emit) => {
  const [along = 0] = util.parseAxisParam(axis, [...x.shape]);
  return split(emit, x, along, backend_util.prepareSplitSize(infoOf(x), numOrSizeSplits, along));
});

const unpack = defineLowering<"value", UnpackAttrs>(({ value }, { axis }, emit) => {
  const along = axis < 0 ? value.shape.length + axis : axis;
  const pieces = split(
    emit,
    value,
    along,
    Array.from({ length: value.shape[along] as number }, () => 1),
  );
  return pieces.map((piece) => ({ ...piece, shape: value.shape.filter((_, i) => i !== along) }));
});

/** Tensors one after the other along an axis; undefined if their types differ. */
function join(emit: Emit, tensors: readonly Operand[], axis: number): Operand | undefined {
  const [first] = tensors;
  if (first === undefined || tensors.some(({ dtype }) => dtype !== first.dtype)) return undefined;
  const shape = first.shape.map((extent, i) => (i === axis ? tensors.reduce((sum, x) => sum + (x.shape[axis] as number), 0) : extent));
  const filled = tensors.filter((x) => sizeOf(x.shape) > 0);
  if (filled.length === 1) return { ...(filled[0] as Operand), shape };
  const output = emit.output(shape, first.dtype);
  const to = stridesOf(shape);
  let start = 0;
  for (const x of filled) {
    const from = stridesOf(x.shape);
    const axes = x.shape.map((extent, i): Axis => ({ extent, from: from[i] as number, to: to[i] as number }));
    emitCopy(emit, { buffer: x.buffer, offset: 0 }, { buffer: output.buffer, offset: start * (to[axis] as number) }, axes, elementBytes(x));
    start += x.shape[axis] as number;
  }
  return output;
}

const concat = defineLowering<string, ConcatAttrs>((inputs, { axis }, emit) => {
  const tensors = Object.values(inputs);
  const [along = 0] = util.parseAxisParam(axis, [...(tensors[0]?.shape ?? [])]);
  return join(emit, tensors, along);
});

const pack = defineLowering<string, PackAttrs>((inputs, { axis }, emit) => {
  const tensors = Object.values(inputs);
  const rank = tensors[0]?.shape.length ?? 0;
  const along = axis < 0 ? axis + rank + 1 : axis;
  const unsqueezed = tensors.map((x) => ({ ...x, shape: [...x.shape.slice(0, along), 1, ...x.shape.slice(along)] }));
  return join(emit, unsqueezed, along);
});

export const joinLowerings: Readonly<Record<string, Lowering>> = { SplitV: splitV, Unpack: unpack, Concat: concat, Pack: pack };
