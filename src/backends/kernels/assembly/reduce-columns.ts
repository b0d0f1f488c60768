import { Max, Min, Prod, Sum } from "./reduce-functions";
import { COLUMNS, MAX, MIN, SUM } from "./reduce-opcodes";
import { scratch } from "./scratch";

/**
 * Reduces [outer, reduced, inner] to [outer, parts, inner]: where there are many rows and few columns, the rows are cut into parts, for a
 * second command to reduce.
 *
 * Words: kind, outer, reduced, inner, parts, rows of a part, units of a chunk, from, to, factor.
 * A unit is one part of one matrix at up to COLUMNS columns.
 */
export function reduceColumns(args: usize, chunk: i32): void {
  const kind = load<i32>(args);
  if (kind == SUM) columns<Sum>(args, chunk);
  else if (kind == MAX) columns<Max>(args, chunk);
  else if (kind == MIN) columns<Min>(args, chunk);
  else columns<Prod>(args, chunk);
}

function columns<F>(args: usize, chunk: i32): void {
  const reduced = load<i32>(args, 8);
  const inner = load<i32>(args, 12);
  const parts = load<i32>(args, 16);
  const partRows = load<i32>(args, 20);
  const perChunk = load<i32>(args, 24);
  const tiles = (inner + COLUMNS - 1) / COLUMNS;
  const first = chunk * perChunk;
  const last = min(load<i32>(args, 4) * parts * tiles, first + perChunk);
  for (let unit = first; unit < last; unit++) {
    const column = (unit % tiles) * COLUMNS;
    const group = unit / tiles;
    const row = (group % parts) * partRows;
    const start = ((group / parts) * reduced + row) * inner + column;
    const from = load<usize>(args, 28) + (<usize>start << 2);
    const to = load<usize>(args, 32) + (<usize>(group * inner + column) << 2);
    const rows = min(partRows, reduced - row);
    const width = min(COLUMNS, inner - column);
    const factor = load<f32>(args, 36);
    if (tiles == 1) narrow<F>(from, to, rows, inner, factor);
    else strip<F>(from, to, rows, width, <usize>inner << 2, factor);
  }
}

/**
 * All columns of a matrix: as many rows as make whole vectors count as one, so that the numbers are read one after the other.
 */
function narrow<F>(from: usize, to: usize, rows: i32, inner: i32, factor: f32): void {
  const f = changetype<F>(0);
  let together = (inner & 3) == 0 ? 1 : (inner & 1) == 0 ? 2 : 4;
  if (inner < 32) together *= (63 + inner * together) / (inner * together);
  const width = inner * together;
  const wholes = rows / together;
  const acc = scratch;
  if (wholes > 0) accumulate<F>(acc, from, wholes, width, <usize>width << 2);
  else fill(acc, f.start(), inner);
  const groups = wholes > 0 ? together : 1;
  for (let i = 0; i < inner; i++) {
    const at = <usize>i << 2;
    let result = load<f32>(acc + at);
    for (let j = 1; j < groups; j++) result = f.one(result, load<f32>(acc + at + (<usize>(j * inner) << 2)));
    for (let row = wholes * together; row < rows; row++) result = f.one(result, load<f32>(from + at + (<usize>(row * inner) << 2)));
    store<f32>(to + at, factor * result);
  }
}

/** Some columns of a wide matrix. */
function strip<F>(from: usize, to: usize, rows: i32, width: i32, stride: usize, factor: f32): void {
  const f = changetype<F>(0);
  const even = width & ~3;
  accumulate<F>(scratch, from, rows, even, stride);
  for (let i = 0; i < even; i++) store<f32>(to + (<usize>i << 2), factor * load<f32>(scratch + (<usize>i << 2)));
  for (let i = even; i < width; i++) {
    let result = f.start();
    for (let row = 0; row < rows; row++) result = f.one(result, load<f32>(from + (<usize>i << 2) + <usize>row * stride));
    store<f32>(to + (<usize>i << 2), factor * result);
  }
}

function fill(to: usize, x: f32, n: i32): void {
  for (let i = 0; i < n; i++) store<f32>(to + (<usize>i << 2), x);
}

/** Reduces rows of `width` numbers, a multiple of four, into `acc`: four rows at a time, so that it is seldom loaded and stored. */
function accumulate<F>(acc: usize, from: usize, rows: i32, width: i32, stride: usize): void {
  const f = changetype<F>(0);
  const bytes = <usize>width << 2;
  const identity = f32x4.splat(f.start());
  for (let i: usize = 0; i < bytes; i += 16) v128.store(acc + i, identity);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const a = from;
    const b = a + stride;
    const c = b + stride;
    const d = c + stride;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = f.of(f.of(v128.load(a + i), v128.load(b + i)), f.of(v128.load(c + i), v128.load(d + i)));
      v128.store(acc + i, f.of(v128.load(acc + i), x));
    }
    from = d + stride;
  }
  for (; row < rows; row++) {
    for (let i: usize = 0; i < bytes; i += 16) v128.store(acc + i, f.of(v128.load(acc + i), v128.load(from + i)));
    from += stride;
  }
}
