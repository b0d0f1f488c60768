import { DRAW, NORMAL } from "./assembly/random-opcodes.ts";
import { type Buffer, type Emit, type Operand, sizeOf } from "./emit.ts";

/** One draw: its output has type float32. */
export interface Draw {
  readonly output: Operand;
  readonly distribution: "normal" | "uniform";
}

/** Normal numbers that one thread makes in some twenty microseconds. */
const normalsOfChunk = 8192;

/**
 * Fills tensors with the numbers that streams of src/tensor/random.ts give. The streams are drawn side by side, each in the order of
 * its draws.
 * @param keys a word for each stream, `streamKey(seed, …)`, that is set before the commands run
 * @returns false, with nothing emitted, for a draw of an odd number of normal numbers: half a pair would be left for the next
 */
export function emitDraws(emit: Emit, keys: Buffer, streams: readonly (readonly Draw[])[]): boolean {
  const draws = streams.flat();
  const normals = draws.filter(({ distribution }) => distribution === "normal");
  if (normals.some(({ output }) => sizeOf(output.shape) % 2 !== 0)) return false;
  if (draws.length === 0) return true;
  const first = [0];
  for (const stream of streams) first.push((first.at(-1) as number) + stream.length);
  emit.command(
    DRAW,
    streams.length,
    ...[keys, streams.length, ...first],
    ...draws.flatMap(({ output, distribution }) => [output.buffer, sizeOf(output.shape), distribution === "uniform" ? 1 : 0]),
  );
  for (const { output } of normals) {
    const size = sizeOf(output.shape);
    if (size > 0) emit.command(NORMAL, Math.max(1, Math.min(32, Math.round(size / normalsOfChunk))), output.buffer, size / 2);
  }
  return true;
}
