/**
 * B of a product in panels: eight columns of every term, one term after the other, zeros beyond the last column.
 */

/**
 * Packs the first `columns` (1 to 8) columns of a matrix.
 * @param terms rows of the matrix, `termStride` bytes apart
 * @param columnStride bytes from one column to the next
 * @returns the address after the panel
 */
export function packPanel(to: usize, from: usize, terms: i32, termStride: usize, columnStride: usize, columns: i32): usize {
  if (columnStride == 4 && columns >= 8) return packRows(to, from, terms, termStride);
  if (termStride == 4) return packColumns(to, from, terms, columnStride, columns);
  for (let k = 0; k < terms; k++, to += 32, from += termStride) {
    let at = from;
    for (let j = 0; j < columns; j++, at += columnStride) store<f32>(to + (<usize>j << 2), load<f32>(at));
    for (let j = columns; j < 8; j++) store<f32>(to + (<usize>j << 2), 0);
  }
  return to;
}

/** Packs one column, term after term. @returns the address after it */
export function packColumn(to: usize, from: usize, terms: i32, termStride: usize): usize {
  if (termStride == 4) copyFloats(to, from, terms);
  else for (let k: usize = 0; k < <usize>terms; k++) store<f32>(to + (k << 2), load<f32>(from + k * termStride));
  return to + (<usize>terms << 2);
}

/**
 * The column where the panel at column `n` begins. The last of several panels ends with the last column: the columns that it shares
 * with the one before are the same sums twice, so that no tile has an edge.
 */
@inline
export function panelColumn(n: i32, columns: i32): i32 {
  return columns >= 8 ? min(n, columns - 8) : n;
}

/** Where sums are added to what C holds, a column that two panels share must count once: zeros in the last panel. */
export function clearShared(panel: usize, terms: i32, columns: i32): void {
  const shared = columns > 8 ? -columns & 7 : 0;
  if (shared == 0) return;
  for (let k = 0; k < terms; k++, panel += 32) zeroFloats(panel, shared);
}

/** Rows of eight floats. */
function packRows(to: usize, from: usize, terms: i32, stride: usize): usize {
  let k = terms;
  for (; k >= 4; k -= 4) {
    const second = from + stride;
    const third = second + stride;
    const fourth = third + stride;
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(second), 32);
    v128.store(to, v128.load(second, 16), 48);
    v128.store(to, v128.load(third), 64);
    v128.store(to, v128.load(third, 16), 80);
    v128.store(to, v128.load(fourth), 96);
    v128.store(to, v128.load(fourth, 16), 112);
    from = fourth + stride;
    to += 128;
  }
  for (; k > 0; k--, to += 32, from += stride) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
  return to;
}

/** Columns that are contiguous: blocks of four by four are transposed. */
function packColumns(to: usize, from: usize, terms: i32, stride: usize, columns: i32): usize {
  packFour(to, from, terms, stride, columns);
  packFour(to + 16, from + 4 * stride, terms, stride, columns - 4);
  return to + (<usize>terms << 5);
}

function packFour(to: usize, from: usize, terms: i32, stride: usize, columns: i32): void {
  if (columns <= 0) {
    for (let k = 0; k < terms; k++, to += 32) v128.store(to, f32x4.splat(0));
    return;
  }
  if (columns < 4) {
    for (let k = 0; k < terms; k++, to += 32, from += 4) {
      let x = v128.load_zero<f32>(from);
      if (columns > 1) x = f32x4.replace_lane(x, 1, load<f32>(from + stride));
      if (columns > 2) x = f32x4.replace_lane(x, 2, load<f32>(from + 2 * stride));
      v128.store(to, x);
    }
    return;
  }
  let f0 = from;
  let f1 = f0 + stride;
  let f2 = f1 + stride;
  let f3 = f2 + stride;
  let k = terms;
  for (; k >= 4; k -= 4, to += 128) {
    const x0 = v128.load(f0), x1 = v128.load(f1), x2 = v128.load(f2), x3 = v128.load(f3);
    const y0 = i8x16.shuffle(x0, x1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const y1 = i8x16.shuffle(x0, x1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const y2 = i8x16.shuffle(x2, x3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const y3 = i8x16.shuffle(x2, x3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v128.store(to, i8x16.shuffle(y0, y2, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    v128.store(to, i8x16.shuffle(y0, y2, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 32);
    v128.store(to, i8x16.shuffle(y1, y3, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 64);
    v128.store(to, i8x16.shuffle(y1, y3, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 96);
    f0 += 16;
    f1 += 16;
    f2 += 16;
    f3 += 16;
  }
  for (; k > 0; k--, to += 32) {
    store<f32>(to, load<f32>(f0));
    store<f32>(to, load<f32>(f1), 4);
    store<f32>(to, load<f32>(f2), 8);
    store<f32>(to, load<f32>(f3), 12);
    f0 += 4;
    f1 += 4;
    f2 += 4;
    f3 += 4;
  }
}

/** Copies `floats` floats: short rows do not pay for a call of memory.copy. */
export function copyFloats(to: usize, from: usize, floats: i32): void {
  let n = floats;
  for (; n >= 8; n -= 8, to += 32, from += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
  for (; n > 0; n--, to += 4, from += 4) store<f32>(to, load<f32>(from));
}

export function zeroFloats(to: usize, floats: i32): void {
  let n = floats;
  for (; n >= 4; n -= 4, to += 16) v128.store(to, f32x4.splat(0));
  for (; n > 0; n--, to += 4) store<f32>(to, 0);
}
