import { dots } from "./gemm-dots";
import { copyFloats, panelColumn, zeroFloats } from "./gemm-pack";
import { setRuns, tile4, tile6, tileStep } from "./gemm-tile";
import { LEAKY_RELU, RELU6 } from "./product-opcodes";
import { scratch } from "./scratch";

/**
 * A row of tiles: some rows of A times all panels of B that a thread has packed, with what precedes and follows the sums.
 *
 * The thread's scratch memory, in bytes: 0 addresses of A's rows, 24 of C's rows, 48 a run, 64 addresses of the rows of a tile of
 * its own for columns at the edge, 128 that tile, `INIT` the sums' first values (bias or zeros) of each panel, `PANELS` panels of B
 * and what else a kernel keeps.
 */
const ROWS: usize = 24;
const RUN: usize = 48;
const EDGE_ROWS: usize = 64;
const EDGE: usize = 128;
const INIT: usize = 320;
export const PANELS: usize = 8192;
/** Most columns that are packed at once. */
export const MOST_COLUMNS: i32 = 1960;

let activation: i32 = 0;
let slope: f32 = 0;

/** Says what is done to sums when they are complete; 0 for nothing. */
export function setActivation(code: i32, negative: f32): void {
  activation = code;
  slope = negative;
}

/** Whether complete sums are changed. */
@inline
export function isActive(): bool {
  return activation != 0;
}

/** One run of `terms` terms that are `step` bytes apart. */
export function setRun(terms: i32, step: usize): void {
  store<i32>(scratch, 0, RUN);
  store<i32>(scratch, terms, RUN + 4);
  setRuns(scratch + RUN, terms > 0 ? 1 : 0, step);
}

/** The first values of the sums of `columns` columns: the bias, or zeros if it is 0. */
export function setInit(bias: usize, columns: i32): void {
  const padded = (columns + 7) & ~7;
  if (bias) {
    copyFloats(scratch + INIT, bias, columns);
    zeroFloats(scratch + INIT + (<usize>columns << 2), padded - columns);
  } else zeroFloats(scratch + INIT, padded);
  for (let r: usize = 0; r < 6; r++) store<usize>(scratch + EDGE_ROWS + (r << 2), scratch + EDGE + (r << 5));
}

/** Rows of the next tile: six, or four where that leaves none over. Every even number from four on is a sum of sixes and fours. */
@inline
export function tileHeight(left: i32): i32 {
  return left == 5 || left == 6 || left > 8 ? 6 : 4;
}

/** Row `r` of the next tile: its address in A, and in C that of the first of the columns at hand. */
@inline
export function setRow(r: i32, a: usize, c: usize): void {
  store<usize>(scratch + (<usize>r << 2), a);
  store<usize>(scratch + (<usize>r << 2), c, ROWS);
}

/**
 * A tile's rows times all panels.
 * @param height 6 or 4
 * @param rows how many of them count; those beyond repeat one of these
 * @param b the first panel
 * @param size bytes of a panel
 * @param fresh false to add to what C holds
 * @param done true if the sums are complete
 */
export function panels(height: i32, rows: i32, b: usize, size: usize, columns: i32, fresh: bool, done: bool): void {
  const init = fresh ? scratch + INIT : 0;
  const c = scratch + ROWS;
  if (isNarrow(columns, tileStep)) narrow(height, rows, b, size, columns, init);
  else if (columns < 8) edge(height, rows, b, columns, init);
  else if (height == 6) {
    for (let n = 0; n < columns; n += 8, b += size) {
      const at = <usize>panelColumn(n, columns) << 2;
      tile6(b, c, at, fresh ? init + at : 0);
    }
  } else {
    for (let n = 0; n < columns; n += 8, b += size) {
      const at = <usize>panelColumn(n, columns) << 2;
      tile4(b, c, at, fresh ? init + at : 0);
    }
  }
  if (done && isActive()) {
    for (let r = 0; r < rows; r++) activate(load<usize>(scratch + (<usize>r << 2), ROWS), columns);
  }
}

/** Whether there are so few columns that sums go along the terms; `packColumn` then packs B. */
@inline
export function isNarrow(columns: i32, step: usize): bool {
  return columns <= 3 && step == 4;
}

/** One to three columns. */
function narrow(height: i32, rows: i32, b: usize, size: usize, columns: i32, init: usize): void {
  for (let r = height; r < 6; r++) store<usize>(scratch + (<usize>r << 2), load<usize>(scratch));
  for (let n = 0; n < columns; n++, b += size >> 3) {
    dots(b, scratch + EDGE);
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = load<usize>(scratch + (r << 2), ROWS) + (<usize>n << 2);
      store<f32>(at, load<f32>(scratch + EDGE + (r << 2)) + load<f32>(init ? init + (<usize>n << 2) : at));
    }
  }
}

/** The only panel if it has fewer than eight columns, by way of a tile in scratch memory. */
function edge(height: i32, rows: i32, b: usize, columns: i32, init: usize): void {
  const tile = scratch + EDGE;
  if (init == 0) {
    for (let r = 0; r < rows; r++) copyFew(tile + (<usize>r << 5), load<usize>(scratch + (<usize>r << 2), ROWS), columns);
  }
  if (height == 6) tile6(b, scratch + EDGE_ROWS, 0, init);
  else tile4(b, scratch + EDGE_ROWS, 0, init);
  for (let r = 0; r < rows; r++) copyFew(load<usize>(scratch + (<usize>r << 2), ROWS), tile + (<usize>r << 5), columns);
}

/** Copies fewer than eight floats. */
@inline
function copyFew(to: usize, from: usize, floats: i32): void {
  if (floats & 4) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  if (floats & 2) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
  }
  if (floats & 1) store<u32>(to, load<u32>(from));
}

/** Rectifies `floats` floats in place. */
export function activate(at: usize, floats: i32): void {
  const least = f32x4.splat(activation == LEAKY_RELU ? -Infinity : 0);
  const most = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const leak = activation == LEAKY_RELU ? slope : <f32>1;
  const zero = f32x4.splat(0);
  let n = floats;
  for (; n >= 4; n -= 4, at += 16) {
    const x = f32x4.min(f32x4.max(v128.load(at), least), most);
    v128.store(at, v128.bitselect(f32x4.mul(x, f32x4.splat(leak)), x, f32x4.lt(x, zero)));
  }
  for (; n > 0; n--, at += 4) {
    const x = min<f32>(max<f32>(load<f32>(at), f32x4.extract_lane(least, 0)), f32x4.extract_lane(most, 0));
    store<f32>(at, x < 0 ? x * leak : x);
  }
}
