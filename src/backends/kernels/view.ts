import type { TensorInfo } from "@tensorflow/tfjs-core";
import { bytesOf, type Emit, type Operand, sizeOf } from "./emit.ts";
import { type Axis, emitCopy, isIdentity, stridesOf } from "./strided.ts";

/** Bytes of an element. */
export const elementBytes = ({ dtype }: Operand): number => (dtype === "bool" ? 1 : 4);

/** A tensor as tfjs's helpers take it; they look at its shape alone. */
export const infoOf = (x: Operand): TensorInfo => ({ dataId: x, shape: [...x.shape], dtype: x.dtype });

/** A new tensor out of elements of x: along `from`, in elements of x, from `offset` on. The input itself if nothing moves. */
export function view(emit: Emit, x: Operand, shape: readonly number[], from: readonly number[], offset = 0, make = emit.output): Operand {
  const to = stridesOf(shape);
  const axes = shape.map((extent, axis): Axis => ({ extent, from: from[axis] as number, to: to[axis] as number }));
  if (offset === 0 && sizeOf(shape) === sizeOf(x.shape) && isIdentity(axes)) return { ...x, shape };
  const output = make(shape, x.dtype);
  emitCopy(emit, { buffer: x.buffer, offset }, { buffer: output.buffer, offset: 0 }, axes, elementBytes(x));
  return output;
}

/** The axes of x in another order. */
export function permuted(emit: Emit, x: Operand, order: readonly number[], make = emit.output): Operand {
  const strides = stridesOf(x.shape);
  return view(
    emit,
    x,
    order.map((axis) => x.shape[axis] as number),
    order.map((axis) => strides[axis] as number),
    0,
    make,
  );
}

/** The part of x that begins at `begin`. */
export function part(emit: Emit, x: Operand, begin: readonly number[], size: readonly number[]): Operand {
  const strides = stridesOf(x.shape);
  return view(emit, x, size, strides, dot(begin, strides));
}

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Makes tensors for a lowering's own use. */
export const temporary =
  (emit: Emit): Emit["output"] =>
  (shape, dtype) => ({ shape, dtype, buffer: emit.scratch(bytesOf(shape, dtype)) });
