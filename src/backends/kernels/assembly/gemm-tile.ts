import { RELU, RELU6 } from "./product-opcodes";
import { scratch } from "./scratch";
import { madd } from "./simd";

/**
 * The innermost loops of every product and convolution: a tile of C = A·B, 6 or 4 rows by 8 columns, kept in registers.
 *
 * Before a call the thread's scratch memory holds, from its first byte on, the addresses of the rows of A (six), then of the rows
 * of C (six). Rows may repeat, which covers what a tile has too much. The terms of a row of A lie in *runs*: pairs of an offset
 * in bytes from the row's address, and a number of terms that are `tileStep` bytes apart. One run is a matrix; a run for each row
 * of a kernel is a convolution. B is a panel: 8 floats a term, one term after the other.
 */
export let tileRuns: usize = 0;
export let tileRunCount: i32 = 0;
export let tileStep: usize = 4;
/** 0 for none, else one of `product-opcodes.ts`. */
export let tileActivation: i32 = 0;
let tileSlope: v128 = f32x4.splat(0);

/** Says how the rows of A are read by the tiles that follow. */
export function setRuns(runs: usize, count: i32, step: usize): void {
  tileRuns = runs;
  tileRunCount = count;
  tileStep = step;
}

/** Says what is done to the sums before they are stored. */
export function setActivation(activation: i32, slope: f32): void {
  tileActivation = activation;
  tileSlope = f32x4.splat(slope);
}

function activate(x: v128): v128 {
  const zero = f32x4.splat(0);
  if (tileActivation == RELU) return f32x4.max(x, zero);
  if (tileActivation == RELU6) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  return v128.bitselect(f32x4.mul(x, tileSlope), x, f32x4.lt(x, zero));
}

/** The first four of `columns` floats; never reads beyond them. */
function loadLow(at: usize, columns: i32): v128 {
  if (columns >= 4) return v128.load(at);
  return loadFew(at, columns);
}

/** The second four of `columns` floats. */
function loadHigh(at: usize, columns: i32): v128 {
  if (columns >= 8) return v128.load(at, 16);
  return columns > 4 ? loadFew(at + 16, columns - 4) : f32x4.splat(0);
}

function loadFew(at: usize, columns: i32): v128 {
  let x = v128.load_zero<f32>(at);
  if (columns > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (columns > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

function storePart(at: usize, low: v128, high: v128, columns: i32): void {
  if (columns & 4) {
    v128.store(at, low);
    low = high;
    at += 16;
  }
  if (columns & 2) {
    v128.store_lane<f64>(at, low, 0);
    low = i8x16.shuffle(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
    at += 8;
  }
  if (columns & 1) v128.store_lane<f32>(at, low, 0);
}

/** 6 rows by 8 columns of a product; see `tiles.ts`. */
export function tile6(b: usize, column: usize, columns: i32, init: usize): void {
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
    c00 = loadLow(load<usize>(scratch, 24) + column, columns);
    c01 = loadHigh(load<usize>(scratch, 24) + column, columns);
    c10 = loadLow(load<usize>(scratch, 28) + column, columns);
    c11 = loadHigh(load<usize>(scratch, 28) + column, columns);
    c20 = loadLow(load<usize>(scratch, 32) + column, columns);
    c21 = loadHigh(load<usize>(scratch, 32) + column, columns);
    c30 = loadLow(load<usize>(scratch, 36) + column, columns);
    c31 = loadHigh(load<usize>(scratch, 36) + column, columns);
    c40 = loadLow(load<usize>(scratch, 40) + column, columns);
    c41 = loadHigh(load<usize>(scratch, 40) + column, columns);
    c50 = loadLow(load<usize>(scratch, 44) + column, columns);
    c51 = loadHigh(load<usize>(scratch, 44) + column, columns);
  }
  let x: v128, b0: v128, b1: v128;
  const step = tileStep;
  let run = tileRuns;
  for (const end = run + (tileRunCount << 3); run < end; run += 8) {
    const from = load<usize>(run);
    let k = load<i32>(run, 4);
    let a0 = load<usize>(scratch, 0) + from;
    let a1 = load<usize>(scratch, 4) + from;
    let a2 = load<usize>(scratch, 8) + from;
    let a3 = load<usize>(scratch, 12) + from;
    let a4 = load<usize>(scratch, 16) + from;
    let a5 = load<usize>(scratch, 20) + from;
    if (step == 4) {
      for (; k >= 4; k -= 4) {
        b0 = v128.load(b, 0); b1 = v128.load(b, 16);
        x = v128.load_splat<f32>(a0, 0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 0); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 0); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 0); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        x = v128.load_splat<f32>(a4, 0); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
        x = v128.load_splat<f32>(a5, 0); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
        b0 = v128.load(b, 32); b1 = v128.load(b, 48);
        x = v128.load_splat<f32>(a0, 4); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 4); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 4); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        x = v128.load_splat<f32>(a4, 4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
        x = v128.load_splat<f32>(a5, 4); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
        b0 = v128.load(b, 64); b1 = v128.load(b, 80);
        x = v128.load_splat<f32>(a0, 8); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 8); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 8); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        x = v128.load_splat<f32>(a4, 8); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
        x = v128.load_splat<f32>(a5, 8); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
        b0 = v128.load(b, 96); b1 = v128.load(b, 112);
        x = v128.load_splat<f32>(a0, 12); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 12); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 12); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        x = v128.load_splat<f32>(a4, 12); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
        x = v128.load_splat<f32>(a5, 12); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
        b += 128;
        a0 += 16;
        a1 += 16;
        a2 += 16;
        a3 += 16;
        a4 += 16;
        a5 += 16;
      }
    }
    for (; k > 0; k--) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      x = v128.load_splat<f32>(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
      x = v128.load_splat<f32>(a4); c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
      x = v128.load_splat<f32>(a5); c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
      b += 32;
      a0 += step; a1 += step; a2 += step; a3 += step; a4 += step; a5 += step;
    }
  }
  if (tileActivation) {
    c00 = activate(c00); c01 = activate(c01);
    c10 = activate(c10); c11 = activate(c11);
    c20 = activate(c20); c21 = activate(c21);
    c30 = activate(c30); c31 = activate(c31);
    c40 = activate(c40); c41 = activate(c41);
    c50 = activate(c50); c51 = activate(c51);
  }
  if (columns >= 8) {
    v128.store(load<usize>(scratch, 24) + column, c00); v128.store(load<usize>(scratch, 24) + column, c01, 16);
    v128.store(load<usize>(scratch, 28) + column, c10); v128.store(load<usize>(scratch, 28) + column, c11, 16);
    v128.store(load<usize>(scratch, 32) + column, c20); v128.store(load<usize>(scratch, 32) + column, c21, 16);
    v128.store(load<usize>(scratch, 36) + column, c30); v128.store(load<usize>(scratch, 36) + column, c31, 16);
    v128.store(load<usize>(scratch, 40) + column, c40); v128.store(load<usize>(scratch, 40) + column, c41, 16);
    v128.store(load<usize>(scratch, 44) + column, c50); v128.store(load<usize>(scratch, 44) + column, c51, 16);
  } else {
    storePart(load<usize>(scratch, 24) + column, c00, c01, columns);
    storePart(load<usize>(scratch, 28) + column, c10, c11, columns);
    storePart(load<usize>(scratch, 32) + column, c20, c21, columns);
    storePart(load<usize>(scratch, 36) + column, c30, c31, columns);
    storePart(load<usize>(scratch, 40) + column, c40, c41, columns);
    storePart(load<usize>(scratch, 44) + column, c50, c51, columns);
  }
}

/** 4 rows by 8 columns of a product; see `tiles.ts`. */
export function tile4(b: usize, column: usize, columns: i32, init: usize): void {
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
    c00 = loadLow(load<usize>(scratch, 24) + column, columns);
    c01 = loadHigh(load<usize>(scratch, 24) + column, columns);
    c10 = loadLow(load<usize>(scratch, 28) + column, columns);
    c11 = loadHigh(load<usize>(scratch, 28) + column, columns);
    c20 = loadLow(load<usize>(scratch, 32) + column, columns);
    c21 = loadHigh(load<usize>(scratch, 32) + column, columns);
    c30 = loadLow(load<usize>(scratch, 36) + column, columns);
    c31 = loadHigh(load<usize>(scratch, 36) + column, columns);
  }
  let x: v128, b0: v128, b1: v128;
  const step = tileStep;
  let run = tileRuns;
  for (const end = run + (tileRunCount << 3); run < end; run += 8) {
    const from = load<usize>(run);
    let k = load<i32>(run, 4);
    let a0 = load<usize>(scratch, 0) + from;
    let a1 = load<usize>(scratch, 4) + from;
    let a2 = load<usize>(scratch, 8) + from;
    let a3 = load<usize>(scratch, 12) + from;
    if (step == 4) {
      for (; k >= 4; k -= 4) {
        b0 = v128.load(b, 0); b1 = v128.load(b, 16);
        x = v128.load_splat<f32>(a0, 0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 0); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 0); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 0); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        b0 = v128.load(b, 32); b1 = v128.load(b, 48);
        x = v128.load_splat<f32>(a0, 4); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 4); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 4); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 4); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        b0 = v128.load(b, 64); b1 = v128.load(b, 80);
        x = v128.load_splat<f32>(a0, 8); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 8); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 8); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 8); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        b0 = v128.load(b, 96); b1 = v128.load(b, 112);
        x = v128.load_splat<f32>(a0, 12); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
        x = v128.load_splat<f32>(a1, 12); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
        x = v128.load_splat<f32>(a2, 12); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
        x = v128.load_splat<f32>(a3, 12); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
        b += 128;
        a0 += 16;
        a1 += 16;
        a2 += 16;
        a3 += 16;
      }
    }
    for (; k > 0; k--) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      x = v128.load_splat<f32>(a0); c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
      x = v128.load_splat<f32>(a1); c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
      x = v128.load_splat<f32>(a2); c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
      x = v128.load_splat<f32>(a3); c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
      b += 32;
      a0 += step; a1 += step; a2 += step; a3 += step;
    }
  }
  if (tileActivation) {
    c00 = activate(c00); c01 = activate(c01);
    c10 = activate(c10); c11 = activate(c11);
    c20 = activate(c20); c21 = activate(c21);
    c30 = activate(c30); c31 = activate(c31);
  }
  if (columns >= 8) {
    v128.store(load<usize>(scratch, 24) + column, c00); v128.store(load<usize>(scratch, 24) + column, c01, 16);
    v128.store(load<usize>(scratch, 28) + column, c10); v128.store(load<usize>(scratch, 28) + column, c11, 16);
    v128.store(load<usize>(scratch, 32) + column, c20); v128.store(load<usize>(scratch, 32) + column, c21, 16);
    v128.store(load<usize>(scratch, 36) + column, c30); v128.store(load<usize>(scratch, 36) + column, c31, 16);
  } else {
    storePart(load<usize>(scratch, 24) + column, c00, c01, columns);
    storePart(load<usize>(scratch, 28) + column, c10, c11, columns);
    storePart(load<usize>(scratch, 32) + column, c20, c21, columns);
    storePart(load<usize>(scratch, 36) + column, c30, c31, columns);
  }
}
