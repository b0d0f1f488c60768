import { Max, Min, Prod, Sum } from "./reduce-functions";
import { MAX, MIN, SUM } from "./reduce-opcodes";

/**
 * Reduces rows of numbers that lie side by side. A long row is cut into parts, each a result of its own, for a second command.
 *
 * Words: kind, results, results of a chunk, length of a row, parts of a row, length of a part, from, to, factor.
 */
export function reduceRows(args: usize, chunk: i32): void {
  const kind = load<i32>(args);
  if (kind == SUM) rows<Sum>(args, chunk);
  else if (kind == MAX) rows<Max>(args, chunk);
  else if (kind == MIN) rows<Min>(args, chunk);
  else rows<Prod>(args, chunk);
}

function rows<F>(args: usize, chunk: i32): void {
  const perChunk = load<i32>(args, 8);
  const length = load<i32>(args, 12);
  const parts = load<i32>(args, 16);
  const partLength = load<i32>(args, 20);
  const from = load<usize>(args, 24);
  const to = load<usize>(args, 28);
  const factor = load<f32>(args, 32);
  const first = chunk * perChunk;
  const last = min(load<i32>(args, 4), first + perChunk);
  for (let i = first; i < last; i++) {
    const part = i % parts;
    const start = (i / parts) * length + part * partLength;
    const n = min(partLength, length - part * partLength);
    store<f32>(to + (<usize>i << 2), factor * row<F>(from + (<usize>start << 2), n));
  }
}

/** Numbers that are reduced in single precision before double precision takes over. */
const RUN: i32 = 512;

function row<F>(from: usize, n: i32): f32 {
  const f = changetype<F>(0);
  if (n <= RUN) return run<F>(from, n);
  let total: f64 = f.start();
  for (let i = 0; i < n; i += RUN) total = f.wide(total, run<F>(from + (<usize>i << 2), min(RUN, n - i)));
  return <f32>total;
}

@inline
function run<F>(from: usize, n: i32): f32 {
  const f = changetype<F>(0);
  const end = from + (<usize>n << 2);
  let result = f.start();
  if (n >= 4) {
    let a = f32x4.splat(f.start());
    if (n >= 16) {
      let b = a;
      let c = a;
      let d = a;
      for (; from + 64 <= end; from += 64) {
        a = f.of(a, v128.load(from));
        b = f.of(b, v128.load(from, 16));
        c = f.of(c, v128.load(from, 32));
        d = f.of(d, v128.load(from, 48));
      }
      a = f.of(f.of(a, b), f.of(c, d));
    }
    for (; from + 16 <= end; from += 16) a = f.of(a, v128.load(from));
    result = f.one(
      f.one(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
      f.one(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
    );
  }
  for (; from < end; from += 4) result = f.one(result, load<f32>(from));
  return result;
}
