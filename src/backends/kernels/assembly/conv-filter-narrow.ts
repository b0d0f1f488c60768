import { tileRunCount, tileRuns, tileStep } from "./gemm-tile";
import { scratch } from "./scratch";
import { madd } from "./simd";

/**
 * The gradient of a convolution's kernels for one to three channels of the output, where a panel would be mostly zeros: the image's
 * channels are summed up side by side.
 */
const SUMS: usize = 128;

/**
 * Adds Σ x[p, c] · g[p] over the pixels of a unit for some channels of the image.
 * @param x the first channel of what a tap sees from the unit's first pixel; runs tell where the other pixels are
 * @param g one channel of the output's gradient, whose pixels are `gStep` bytes apart
 * @param to the kernels' gradient; channels are `gStep` bytes apart
 * @param fresh true to begin with zero
 */
export function addChannels(x: usize, g: usize, gStep: usize, to: usize, channels: i32, fresh: bool): void {
  let c = channels;
  for (; c >= 16; c -= 16, x += 64, to += gStep << 4) {
    sixteen(x, g, gStep);
    put(to, gStep, 16, fresh);
  }
  for (; c >= 4; c -= 4, x += 16, to += gStep << 2) {
    four(x, g, gStep);
    put(to, gStep, 4, fresh);
  }
  for (; c > 0; c--, x += 4, to += gStep) {
    one(x, g, gStep);
    put(to, gStep, 1, fresh);
  }
}

function put(to: usize, step: usize, count: usize, fresh: bool): void {
  for (let i: usize = 0; i < count; i++, to += step) {
    store<f32>(to, load<f32>(scratch + SUMS + (i << 2)) + (fresh ? <f32>0 : load<f32>(to)));
  }
}

function sixteen(x: usize, g: usize, gStep: usize): void {
  const step = tileStep;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let run = tileRuns;
  for (const end = run + (tileRunCount << 3); run < end; run += 8) {
    let a = x + load<usize>(run);
    for (let k = load<i32>(run, 4); k > 0; k--, a += step, g += gStep) {
      const y = v128.load_splat<f32>(g);
      s0 = madd(v128.load(a), y, s0);
      s1 = madd(v128.load(a, 16), y, s1);
      s2 = madd(v128.load(a, 32), y, s2);
      s3 = madd(v128.load(a, 48), y, s3);
    }
  }
  v128.store(scratch + SUMS, s0);
  v128.store(scratch + SUMS, s1, 16);
  v128.store(scratch + SUMS, s2, 32);
  v128.store(scratch + SUMS, s3, 48);
}

function four(x: usize, g: usize, gStep: usize): void {
  const step = tileStep;
  let sum = f32x4.splat(0);
  let run = tileRuns;
  for (const end = run + (tileRunCount << 3); run < end; run += 8) {
    let a = x + load<usize>(run);
    for (let k = load<i32>(run, 4); k > 0; k--, a += step, g += gStep) sum = madd(v128.load(a), v128.load_splat<f32>(g), sum);
  }
  v128.store(scratch + SUMS, sum);
}

function one(x: usize, g: usize, gStep: usize): void {
  const step = tileStep;
  let sum: f32 = 0;
  let run = tileRuns;
  for (const end = run + (tileRunCount << 3); run < end; run += 8) {
    let a = x + load<usize>(run);
    for (let k = load<i32>(run, 4); k > 0; k--, a += step, g += gStep) sum += load<f32>(a) * load<f32>(g);
  }
  store<f32>(scratch + SUMS, sum);
}
