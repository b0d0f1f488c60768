import type { DataType } from "@tensorflow/tfjs-core";

/**
 * What a kernel call becomes: commands over buffers. The same lowering serves a single call, whose buffers have their
 * addresses at once, and a whole training step, whose buffers are laid out first.
 */

/** A stretch of memory; two are the same if they are the same object. */
export interface Buffer {
  readonly bytes: number;
}

/** A tensor of a kernel call. Elements lie row by row: float32 and int32 in four bytes, bool in one. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly buffer: Buffer;
}

/** One argument of a command: an int32, or the address of a buffer, in bytes. */
export type Word = number | Buffer;

export interface Emit {
  /** A new tensor whose numbers are not set yet. */
  output(shape: readonly number[], dtype: DataType): Operand;
  /** Memory for this call alone. */
  scratch(bytes: number): Buffer;
  /**
   * One command, carried out after those before it.
   * @param chunks parts that may be done in any order by several threads; they must depend on shapes alone, so that the
   *   numbers are the same for any number of threads. 1 for what is too small to share (below some ten microseconds).
   */
  command(opcode: number, chunks: number, ...words: Word[]): void;
  /** Says that an output may lie where an input lies, if nobody needs that input afterwards: each element is read before it is written. */
  inPlace(output: Operand, input: Operand): void;
}

/**
 * Turns a call of a tfjs kernel into commands.
 * @returns its outputs, an input's buffer under another shape if nothing is to be done; undefined for a case that it does not
 *   know, before anything is emitted: then tfjs's JavaScript kernel does it
 */
export type Lowering = (
  inputs: Readonly<Record<string, Operand | undefined>>,
  attrs: Readonly<Record<string, unknown>>,
  emit: Emit,
) => Operand | readonly Operand[] | undefined;

/** Words of a command before its arguments. */
export const headWords = 4;

const converter = new DataView(new ArrayBuffer(4));

/** A float as an argument: the same 32 bits as an int32. */
export function float(value: number): number {
  converter.setFloat32(0, value);
  return converter.getInt32(0);
}

export const bytesOf = (shape: readonly number[], dtype: DataType): number => sizeOf(shape) * (dtype === "bool" ? 1 : 4);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
