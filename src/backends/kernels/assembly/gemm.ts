import { clearShared, packColumn, packPanel, panelColumn } from "./gemm-pack";
import { MOST_COLUMNS, PANELS, isNarrow, panels, setActivation, setInit, setRow, setRun, tileHeight } from "./gemm-panels";
import { scratch } from "./scratch";

/**
 * Matrix products C = A·B (+ bias, activation) for a batch of matrices.
 *
 * A chunk is a group of matrices, a range of rows, a range of columns and a range of terms. It packs its columns of B into its
 * thread's scratch memory, at most `TERMS` terms at once, and reads A where it lies, six or four rows at a time.
 *
 * Words: a, b, bias (0 for none), out; matrices; rows, columns, terms; bytes from one matrix of a, of b to the next, and matrices
 * after which each begins again; bytes between rows and between terms of a; bytes between terms and between columns of b;
 * activation, its slope; matrices in a group; row blocks, column blocks, term blocks, terms in a block.
 */

/** Terms of B that are packed at once; with six rows of A they stay in the first cache. */
const TERMS: i32 = 1024;
/** Floats of B that are packed at once: 768 KiB. */
const PACKED: i32 = 192 * 1024;
/** Where columns of A are gathered. */
const GATHERED: usize = PANELS + 4 * 192 * 1024;

export function matmul(args: usize, chunk: i32): void {
  const matrices = load<i32>(args, 16);
  const rows = load<i32>(args, 20);
  const columns = load<i32>(args, 24);
  const group = load<i32>(args, 72);
  const rowBlocks = load<i32>(args, 76);
  const columnBlocks = load<i32>(args, 80);
  const termBlocks = load<i32>(args, 84);
  const termsEach = load<i32>(args, 88);

  const termBlock = chunk % termBlocks;
  chunk /= termBlocks;
  const columnBlock = chunk % columnBlocks;
  chunk /= columnBlocks;
  const rowBlock = chunk % rowBlocks;
  chunk /= rowBlocks;

  // Rows are cut at multiples of six, columns at multiples of eight.
  const row = cut(rows, 6, rowBlock, rowBlocks);
  const rowEnd = cut(rows, 6, rowBlock + 1, rowBlocks);
  const column = cut(columns, 8, columnBlock, columnBlocks);
  const columnEnd = cut(columns, 8, columnBlock + 1, columnBlocks);
  const term = termBlock * termsEach;
  const termEnd = min(term + termsEach, load<i32>(args, 28));

  const size = <usize>rows * <usize>columns * 4;
  const out = load<usize>(args, 12) + <usize>termBlock * <usize>matrices * size;
  const last = min((chunk + 1) * group, matrices);
  for (let i = chunk * group; i < last; i++) {
    const a = load<usize>(args) + <usize>(i % load<i32>(args, 40)) * load<usize>(args, 32);
    const b = load<usize>(args, 4) + <usize>(i % load<i32>(args, 44)) * load<usize>(args, 36);
    multiply(args, a, b, out + <usize>i * size, row, rowEnd, column, columnEnd, term, termEnd);
  }
}

/** Where block `index` of `blocks` begins among `size` things that are cut at multiples of `unit`. */
@inline
function cut(size: i32, unit: i32, index: i32, blocks: i32): i32 {
  return min((((size + unit - 1) / unit) * index / blocks) * unit, size);
}

function multiply(
  args: usize, a: usize, b: usize, out: usize,
  row: i32, rowEnd: i32, column: i32, columnEnd: i32, term: i32, termEnd: i32,
): void {
  const bias = load<usize>(args, 8);
  const columns = load<usize>(args, 24);
  const rowStride = load<usize>(args, 48);
  const termStride = load<usize>(args, 52);
  const bTermStride = load<usize>(args, 56);
  const bColumnStride = load<usize>(args, 60);
  const width = min(MOST_COLUMNS, (PACKED / max(1, min(TERMS, termEnd - term))) & ~7);
  setActivation(load<i32>(args, 64), load<f32>(args, 68));
  for (let j = column; j < columnEnd; j += width) {
    const some = min(width, columnEnd - j);
    setInit(bias ? bias + (<usize>j << 2) : 0, some);
    let k = term;
    do {
      const terms = min(TERMS, termEnd - k);
      const from = b + <usize>k * bTermStride;
      let to = scratch + PANELS;
      if (isNarrow(some, termStride)) {
        for (let n = 0; n < some; n++) to = packColumn(to, from + <usize>(j + n) * bColumnStride, terms, bTermStride);
      } else {
        for (let n = 0; n < some; n += 8) {
          to = packPanel(to, from + <usize>(j + panelColumn(n, some)) * bColumnStride, terms, bTermStride, bColumnStride, min(8, some));
        }
      }
      if (k != term) clearShared(to - (<usize>terms << 5), terms, some);
      setRun(terms, termStride);
      multiplyRows(
        a + <usize>k * termStride, rowStride, termStride, out + (<usize>j << 2), columns << 2,
        row, rowEnd, <usize>terms << 5, some, k == term, k + terms == termEnd,
      );
      k += terms;
    } while (k < termEnd);
  }
}

/** Copies up to six columns of a transposed A: one term after the other, 32 bytes apart. */
function gather(to: usize, from: usize, terms: i32, stride: usize, rows: i32): void {
  for (let k = 0; k < terms; k++, to += 32, from += stride) {
    if (rows >= 4) v128.store(to, v128.load(from));
    if (rows == 6) store<u64>(to, load<u64>(from, 16), 16);
    else if (rows != 4) for (let r = 0; r < rows; r++) store<f32>(to + (<usize>r << 2), load<f32>(from + (<usize>r << 2)));
  }
}

/** Rows `row` to `rowEnd` times the panels. */
function multiplyRows(
  a: usize, aStride: usize, termStride: usize, c: usize, cStride: usize,
  row: i32, rowEnd: i32, size: usize, columns: i32, fresh: bool, done: bool,
): void {
  // The terms of a column of A lie far from each other: gathered once, they are near for all panels.
  const terms = <i32>(size >> 5);
  const gathered = aStride == 4 && columns > 8 && (termStride >= 1024 || terms > 512);
  if (gathered) setRun(terms, 32);
  let i = row;
  while (i < rowEnd) {
    const height = tileHeight(rowEnd - i);
    const rows = min(height, rowEnd - i);
    if (gathered) gather(scratch + GATHERED, a + (<usize>i << 2), terms, termStride, rows);
    for (let r = 0; r < height; r++) {
      const at = <usize>min(r, rows - 1);
      setRow(r, gathered ? scratch + GATHERED + (at << 2) : a + (at + <usize>i) * aStride, c + (at + <usize>i) * cStride);
    }
    panels(height, rows, scratch + PANELS, size, columns, fresh, done);
    i += rows;
  }
}

/** Adds partial sums that lie one after the other: parts, out, floats, number of parts, chunks. */
export function sumParts(args: usize, chunk: i32): void {
  const size = load<i32>(args, 8);
  const parts = load<i32>(args, 12);
  const chunks = load<i32>(args, 16);
  const begin = cut(size, 4, chunk, chunks);
  const end = cut(size, 4, chunk + 1, chunks);
  const stride = <usize>size << 2;
  let from = load<usize>(args) + (<usize>begin << 2);
  let to = load<usize>(args, 4) + (<usize>begin << 2);
  let n = end - begin;
  for (; n >= 4; n -= 4, from += 16, to += 16) {
    let sum = v128.load(from);
    let at = from;
    for (let p = 1; p < parts; p++) {
      at += stride;
      sum = f32x4.add(sum, v128.load(at));
    }
    v128.store(to, sum);
  }
  for (; n > 0; n--, from += 4, to += 4) {
    let sum = load<f32>(from);
    let at = from;
    for (let p = 1; p < parts; p++) {
      at += stride;
      sum += load<f32>(at);
    }
    store<f32>(to, sum);
  }
}
