import { exp } from "./elementwise-math";
import { scratch } from "./scratch";
import { sumLanes } from "./simd";

/** Softmax of rows of numbers that lie side by side: rows, length, rows of a chunk, from, to. */
export function softmax(args: usize, chunk: i32): void {
  const length = load<i32>(args, 4);
  const perChunk = load<i32>(args, 8);
  const first = chunk * perChunk;
  const last = min(load<i32>(args), first + perChunk);
  const bytes = <usize>length << 2;
  const whole = bytes & ~15;
  for (let i = first; i < last; i++) {
    const from = load<usize>(args, 12) + <usize>i * bytes;
    const to = load<usize>(args, 16) + <usize>i * bytes;
    // What does not fill a vector passes through scratch memory, with −∞ in the rest.
    v128.store(scratch, f32x4.splat(f32.NEGATIVE_INFINITY));
    for (let at = whole; at < bytes; at += 4) store<f32>(scratch + (at & 15), load<f32>(from + at));
    const tail = v128.load(scratch);
    const most = f32x4.splat(largest(from, whole, tail));
    let sums = exp(f32x4.sub(tail, most));
    v128.store(scratch, sums);
    const rest = sums;
    for (let at: usize = 0; at < whole; at += 16) {
      const power = exp(f32x4.sub(v128.load(from + at), most));
      v128.store(to + at, power);
      sums = f32x4.add(sums, power);
    }
    const factor = f32x4.splat(1 / sumLanes(sums));
    for (let at: usize = 0; at < whole; at += 16) v128.store(to + at, f32x4.mul(v128.load(to + at), factor));
    v128.store(scratch, f32x4.mul(rest, factor));
    for (let at = whole; at < bytes; at += 4) store<f32>(to + at, load<f32>(scratch + (at & 15)));
  }
}

function largest(from: usize, whole: usize, tail: v128): f32 {
  let a = tail;
  for (let at: usize = 0; at < whole; at += 16) a = f32x4.pmax(a, v128.load(from + at));
  return max(max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)), max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)));
}
