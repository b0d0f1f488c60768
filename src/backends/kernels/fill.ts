import { type FillAttrs, util } from "@tensorflow/tfjs-core";
import { FILL } from "./assembly/move-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { type Emit, float, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";

/** The 32 bits of a number of a type; undefined for a type whose elements have none. */
export function wordOf(value: number, dtype: Operand["dtype"]): number | undefined {
  if (dtype === "float32") return float(value);
  return dtype === "int32" ? Math.trunc(value) : undefined;
}

/** A tensor of equal numbers; undefined for types of fewer bytes. */
function filled(emit: Emit, shape: readonly number[], dtype: Operand["dtype"], value: number): Operand | undefined {
  const word = wordOf(value, dtype);
  if (word === undefined) return undefined;
  const output = emit.output(shape, dtype);
  const size = sizeOf(shape);
  if (size > 0) emit.command(FILL, chunksFor(size * 4), output.buffer, size, word);
  return output;
}

const fill = defineLowering<never, FillAttrs>((_inputs, { shape, value, dtype }, emit) =>
  typeof value === "number" ? filled(emit, shape, dtype ?? util.inferDtype(value), value) : undefined,
);

const like = (value: number) => defineLowering<"x", object>(({ x }, _attrs, emit) => filled(emit, x.shape, x.dtype, value));

export const fillLowerings: Readonly<Record<string, Lowering>> = { Fill: fill, ZerosLike: like(0), OnesLike: like(1) };
