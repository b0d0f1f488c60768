import { tileRunCount, tileRuns } from "./gemm-tile";
import { scratch } from "./scratch";
import { madd, sumLanes } from "./simd";

/**
 * Products with one to three columns: a panel would be mostly zeros. Columns of B lie one after the other, the terms of A's rows
 * are next to each other within a run, and sums go along the terms, four at once.
 */

/**
 * One column of six rows, whose addresses stand at the beginning of scratch memory as for a tile.
 * @param b the column
 * @param to where the six sums are put
 */
export function dots(b: usize, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
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
    for (; k >= 4; k -= 4) {
      const x = v128.load(b);
      s0 = madd(v128.load(a0), x, s0);
      s1 = madd(v128.load(a1), x, s1);
      s2 = madd(v128.load(a2), x, s2);
      s3 = madd(v128.load(a3), x, s3);
      s4 = madd(v128.load(a4), x, s4);
      s5 = madd(v128.load(a5), x, s5);
      b += 16;
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      a4 += 16;
      a5 += 16;
    }
    for (; k > 0; k--) {
      const x = v128.load_zero<f32>(b);
      s0 = madd(v128.load_zero<f32>(a0), x, s0);
      s1 = madd(v128.load_zero<f32>(a1), x, s1);
      s2 = madd(v128.load_zero<f32>(a2), x, s2);
      s3 = madd(v128.load_zero<f32>(a3), x, s3);
      s4 = madd(v128.load_zero<f32>(a4), x, s4);
      s5 = madd(v128.load_zero<f32>(a5), x, s5);
      b += 4;
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
      a4 += 4;
      a5 += 4;
    }
  }
  store<f32>(to, sumLanes(s0), 0);
  store<f32>(to, sumLanes(s1), 4);
  store<f32>(to, sumLanes(s2), 8);
  store<f32>(to, sumLanes(s3), 12);
  store<f32>(to, sumLanes(s4), 16);
  store<f32>(to, sumLanes(s5), 20);
}
