import { scratch } from "./scratch";
import { madd } from "./simd";

/**
 * The innermost loops of every product and convolution: a tile of C = A·B, six or four rows by eight columns, kept in registers.
 *
 * Before a call the thread's scratch memory holds, from its first byte on, the addresses of the rows of A. Rows may repeat, which
 * covers what a tile has too much. The terms of a row of A lie in *runs*: pairs of an offset in bytes from the row's address, and
 * a number of terms (at least one), which are `step` bytes apart. One run is a matrix; a run for each row of a kernel is a
 * convolution. B is a panel: eight floats a term, one term after the other.
 *
 * The shape of the code is for V8: one loop that is not nested (it unrolls nested ones, and then runs out of registers), no call
 * while sums are held (they would be stored at every term).
 */
export let tileRuns: usize = 0;
export let tileRunCount: i32 = 0;
export let tileStep: usize = 4;

/** Says how the rows of A are read by the tiles that follow. */
export function setRuns(runs: usize, count: i32, step: usize): void {
  tileRuns = runs;
  tileRunCount = count;
  tileStep = step;
}

/**
 * Six rows by 8 columns.
 * @param c address of the addresses of C's rows
 * @param column bytes added to those
 * @param init address of eight floats that every row begins with; 0 to begin with what C holds
 */
export function tile6(b: usize, c: usize, column: usize, init: usize): void {
  let c00: v128, c01: v128;
  let c10: v128, c11: v128;
  let c20: v128, c21: v128;
  let c30: v128, c31: v128;
  let c40: v128, c41: v128;
  let c50: v128, c51: v128;
  if (init) {
    c00 = v128.load(init);
    c01 = v128.load(init, 16);
    c10 = c00; c11 = c01;
    c20 = c00; c21 = c01;
    c30 = c00; c31 = c01;
    c40 = c00; c41 = c01;
    c50 = c00; c51 = c01;
  } else {
    c00 = v128.load(load<usize>(c, 0) + column); c01 = v128.load(load<usize>(c, 0) + column, 16);
    c10 = v128.load(load<usize>(c, 4) + column); c11 = v128.load(load<usize>(c, 4) + column, 16);
    c20 = v128.load(load<usize>(c, 8) + column); c21 = v128.load(load<usize>(c, 8) + column, 16);
    c30 = v128.load(load<usize>(c, 12) + column); c31 = v128.load(load<usize>(c, 12) + column, 16);
    c40 = v128.load(load<usize>(c, 16) + column); c41 = v128.load(load<usize>(c, 16) + column, 16);
    c50 = v128.load(load<usize>(c, 20) + column); c51 = v128.load(load<usize>(c, 20) + column, 16);
  }
  let run = tileRuns;
  const end = run + (tileRunCount << 3);
  if (run < end) {
    const step = tileStep;
    let from = load<usize>(run);
    let k = load<i32>(run, 4);
    let a0 = load<usize>(scratch, 0) + from;
    let a1 = load<usize>(scratch, 4) + from;
    let a2 = load<usize>(scratch, 8) + from;
    let a3 = load<usize>(scratch, 12) + from;
    let a4 = load<usize>(scratch, 16) + from;
    let a5 = load<usize>(scratch, 20) + from;
    let x: v128, b0: v128, b1: v128;
    while (true) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      x = v128.load_splat<f32>(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
      x = v128.load_splat<f32>(a4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
      x = v128.load_splat<f32>(a5); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
      b += 32;
      if (--k == 0) {
        run += 8;
        if (run == end) break;
        from = load<usize>(run);
        k = load<i32>(run, 4);
        a0 = load<usize>(scratch, 0) + from;
        a1 = load<usize>(scratch, 4) + from;
        a2 = load<usize>(scratch, 8) + from;
        a3 = load<usize>(scratch, 12) + from;
        a4 = load<usize>(scratch, 16) + from;
        a5 = load<usize>(scratch, 20) + from;
      } else {
        a0 += step; a1 += step; a2 += step; a3 += step; a4 += step; a5 += step;
      }
    }
  }
  v128.store(load<usize>(c, 0) + column, c00); v128.store(load<usize>(c, 0) + column, c01, 16);
  v128.store(load<usize>(c, 4) + column, c10); v128.store(load<usize>(c, 4) + column, c11, 16);
  v128.store(load<usize>(c, 8) + column, c20); v128.store(load<usize>(c, 8) + column, c21, 16);
  v128.store(load<usize>(c, 12) + column, c30); v128.store(load<usize>(c, 12) + column, c31, 16);
  v128.store(load<usize>(c, 16) + column, c40); v128.store(load<usize>(c, 16) + column, c41, 16);
  v128.store(load<usize>(c, 20) + column, c50); v128.store(load<usize>(c, 20) + column, c51, 16);
}

/**
 * Four rows by 8 columns.
 * @param c address of the addresses of C's rows
 * @param column bytes added to those
 * @param init address of eight floats that every row begins with; 0 to begin with what C holds
 */
export function tile4(b: usize, c: usize, column: usize, init: usize): void {
  let c00: v128, c01: v128;
  let c10: v128, c11: v128;
  let c20: v128, c21: v128;
  let c30: v128, c31: v128;
  if (init) {
    c00 = v128.load(init);
    c01 = v128.load(init, 16);
    c10 = c00; c11 = c01;
    c20 = c00; c21 = c01;
    c30 = c00; c31 = c01;
  } else {
    c00 = v128.load(load<usize>(c, 0) + column); c01 = v128.load(load<usize>(c, 0) + column, 16);
    c10 = v128.load(load<usize>(c, 4) + column); c11 = v128.load(load<usize>(c, 4) + column, 16);
    c20 = v128.load(load<usize>(c, 8) + column); c21 = v128.load(load<usize>(c, 8) + column, 16);
    c30 = v128.load(load<usize>(c, 12) + column); c31 = v128.load(load<usize>(c, 12) + column, 16);
  }
  let run = tileRuns;
  const end = run + (tileRunCount << 3);
  if (run < end) {
    const step = tileStep;
    let from = load<usize>(run);
    let k = load<i32>(run, 4);
    let a0 = load<usize>(scratch, 0) + from;
    let a1 = load<usize>(scratch, 4) + from;
    let a2 = load<usize>(scratch, 8) + from;
    let a3 = load<usize>(scratch, 12) + from;
    let x: v128, b0: v128, b1: v128;
    while (true) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      x = v128.load_splat<f32>(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
      b += 32;
      if (--k == 0) {
        run += 8;
        if (run == end) break;
        from = load<usize>(run);
        k = load<i32>(run, 4);
        a0 = load<usize>(scratch, 0) + from;
        a1 = load<usize>(scratch, 4) + from;
        a2 = load<usize>(scratch, 8) + from;
        a3 = load<usize>(scratch, 12) + from;
      } else {
        a0 += step; a1 += step; a2 += step; a3 += step;
      }
    }
  }
  v128.store(load<usize>(c, 0) + column, c00); v128.store(load<usize>(c, 0) + column, c01, 16);
  v128.store(load<usize>(c, 4) + column, c10); v128.store(load<usize>(c, 4) + column, c11, 16);
  v128.store(load<usize>(c, 8) + column, c20); v128.store(load<usize>(c, 8) + column, c21, 16);
  v128.store(load<usize>(c, 12) + column, c30); v128.store(load<usize>(c, 12) + column, c31, 16);
}
