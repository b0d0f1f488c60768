import { chunksOf, shareOf } from "./chunks";
import { copyRun, fillRun } from "./copy";

/**
 * Rows by their indices. Words: from, indices, to, bytes of a row, outer (rows of the source before the axis, in a batch), count
 * (indices of a batch), extent of the axis, rows of the output: [batch, outer, count], the word that stands for a row that is not there.
 */
export function gather(args: usize, chunk: i32): void {
  const from = load<usize>(args);
  const indices = load<usize>(args, 4);
  const bytes = load<usize>(args, 12);
  const outer = load<i32>(args, 16);
  const count = load<i32>(args, 20);
  const extent = load<u32>(args, 24);
  const rows = load<i32>(args, 28);
  const nothing = load<i32>(args, 32);
  const chunks = chunksOf(args);
  let row = shareOf(rows, chunk, chunks);
  const end = shareOf(rows, chunk + 1, chunks);
  let to = load<usize>(args, 8) + <usize>row * bytes;
  let block = row / count;
  let i = row - block * count;
  while (row < end) {
    const base = from + <usize>block * extent * bytes;
    const list = indices + ((<usize>(block / outer) * count) << 2);
    const stop = min(count, i + end - row);
    row += stop - i;
    if (bytes === 4) {
      for (; i < stop; i++) {
        const index = load<u32>(list + (i << 2));
        store<i32>(to, index < extent ? load<i32>(base + (index << 2)) : nothing);
        to += 4;
      }
    } else {
      for (; i < stop; i++) {
        const index = load<u32>(list + (i << 2));
        if (index < extent) copyRun(to, base + <usize>index * bytes, bytes);
        else fillRun(to, bytes, nothing);
        to += bytes;
      }
    }
    i = 0;
    block++;
  }
}

/**
 * Rows by indices of several axes. Words: from, indices, to, bytes of a row, rows of the output, number of axes, rows of the source;
 * for each axis its stride in rows. An index out of range gives zeros.
 */
export function gatherNd(args: usize, chunk: i32): void {
  const from = load<usize>(args);
  const bytes = load<usize>(args, 12);
  const rows = load<i32>(args, 16);
  const rank = load<i32>(args, 20);
  const sourceRows = load<u32>(args, 24);
  const chunks = chunksOf(args);
  let row = shareOf(rows, chunk, chunks);
  const end = shareOf(rows, chunk + 1, chunks);
  let index = load<usize>(args, 4) + ((<usize>row * rank) << 2);
  let to = load<usize>(args, 8) + <usize>row * bytes;
  for (; row < end; row++) {
    const source = flatIndex(index, args + 28, rank);
    index += rank << 2;
    if (source < sourceRows) copyRun(to, from + <usize>source * bytes, bytes);
    else memory.fill(to, 0, bytes);
    to += bytes;
  }
}

/** Σ index · stride over the axes. */
@inline
export function flatIndex(index: usize, strides: usize, rank: i32): u32 {
  let sum: u32 = 0;
  for (let axis = 0; axis < rank; axis++) sum += load<u32>(index + (axis << 2)) * load<u32>(strides + (axis << 2));
  return sum;
}

/** Words: indices, to, rows, depth, the words for on and off. */
export function oneHot(args: usize, chunk: i32): void {
  const indices = load<usize>(args);
  const rows = load<i32>(args, 8);
  const depth = load<u32>(args, 12);
  const on = load<i32>(args, 16);
  const chunks = chunksOf(args);
  const first = shareOf(rows, chunk, chunks);
  const end = shareOf(rows, chunk + 1, chunks);
  let to = load<usize>(args, 4) + (<usize>first * depth << 2);
  fillRun(to, <usize>(end - first) * depth << 2, load<i32>(args, 20));
  for (let row = first; row < end; row++) {
    const index = load<u32>(indices + (row << 2));
    if (index < depth) store<i32>(to + (index << 2), on);
    to += depth << 2;
  }
}
