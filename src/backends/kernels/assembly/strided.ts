import { chunksOf, shareOf } from "./chunks";
import { copyRun, fillRun } from "./copy";
import { REPEAT, RUN, SCATTERED, TRANSPOSED } from "./move-opcodes";
import { scratch } from "./scratch";

/**
 * A copy along any strides: what slices, transposes, tiles, joins and reverses tensors.
 *
 * Words: from, offset, to, offset, mode, rows of a unit, units of a plane, units in all, number of outer axes; the extent, the
 * stride in and the stride out of the axis of rows, of the axis within a row, and of the outer axes, innermost first. Offsets
 * and strides are in bytes, and may be negative. The two inner axes are a *plane*; a *unit* is some rows of it; a chunk does
 * consecutive units.
 */
export function copyStrided(args: usize, chunk: i32): void {
  const mode = load<i32>(args, 16);
  const rowsOfUnit = load<i32>(args, 20);
  const unitsOfPlane = load<i32>(args, 24);
  const units = load<i32>(args, 28);
  const rank = load<i32>(args, 32);
  const rows = load<i32>(args, 36);
  const rowIn = load<i32>(args, 40);
  const rowOut = load<i32>(args, 44);
  const outer = args + 60;
  const chunks = chunksOf(args);
  let unit = shareOf(units, chunk, chunks);
  const end = shareOf(units, chunk + 1, chunks);

  // Coordinates of the plane, counted up in this thread's own memory.
  let from = <usize>(load<i32>(args) + load<i32>(args, 4));
  let to = <usize>(load<i32>(args, 8) + load<i32>(args, 12));
  let left = unit / unitsOfPlane;
  let part = unit - left * unitsOfPlane;
  for (let axis = 0; axis < rank; axis++) {
    const at = outer + axis * 12;
    const extent = load<i32>(at);
    const coordinate = left % extent;
    left /= extent;
    store<i32>(scratch + axis * 4, coordinate);
    from += coordinate * load<i32>(at, 4);
    to += coordinate * load<i32>(at, 8);
  }

  while (unit < end) {
    const row = part * rowsOfUnit;
    const last = min(rows, row + rowsOfUnit);
    copyRows(mode, args, from + row * rowIn, to + row * rowOut, last - row, rowIn, rowOut);
    unit++;
    if (++part < unitsOfPlane) continue;
    part = 0;
    for (let axis = 0; axis < rank; axis++) {
      const at = outer + axis * 12;
      const coordinate = load<i32>(scratch + axis * 4) + 1;
      from += load<i32>(at, 4);
      to += load<i32>(at, 8);
      const extent = load<i32>(at);
      if (coordinate < extent) {
        store<i32>(scratch + axis * 4, coordinate);
        break;
      }
      store<i32>(scratch + axis * 4, 0);
      from -= extent * load<i32>(at, 4);
      to -= extent * load<i32>(at, 8);
    }
  }
}

@inline
function copyRows(mode: i32, args: usize, from: usize, to: usize, rows: i32, rowIn: i32, rowOut: i32): void {
  const extent = load<i32>(args, 48);
  const stepIn = load<i32>(args, 52);
  const stepOut = load<i32>(args, 56);
  if (mode === TRANSPOSED) {
    transpose(from, to, rows, rowOut, extent, stepIn);
    return;
  }
  for (let row = 0; row < rows; row++) {
    if (mode === RUN) copyRun(to, from, extent);
    else if (mode === REPEAT) fillRun(to, extent << 2, load<i32>(from));
    else if (mode === SCATTERED) {
      let a = from;
      let b = to;
      for (let i = 0; i < extent; i++) {
        store<i32>(b, load<i32>(a));
        a += stepIn;
        b += stepOut;
      }
    } else {
      let a = from;
      let b = to;
      for (let i = 0; i < extent; i++) {
        store<u8>(b, load<u8>(a));
        a += stepIn;
        b += stepOut;
      }
    }
    from += rowIn;
    to += rowOut;
  }
}

/** Rows lie side by side in the source (four bytes apart), the elements of a row side by side in the target: by blocks of 4 × 4. */
function transpose(from: usize, to: usize, rows: i32, rowOut: i32, extent: i32, stepIn: i32): void {
  let i = 0;
  for (; i + 4 <= extent; i += 4) {
    let row = 0;
    let a = from;
    let b = to;
    for (; row + 4 <= rows; row += 4) {
      const p = v128.load(a);
      const q = v128.load(a + stepIn);
      const r = v128.load(a + 2 * stepIn);
      const s = v128.load(a + 3 * stepIn);
      const pq = i32x4.shuffle(p, q, 0, 4, 1, 5);
      const rs = i32x4.shuffle(r, s, 0, 4, 1, 5);
      const PQ = i32x4.shuffle(p, q, 2, 6, 3, 7);
      const RS = i32x4.shuffle(r, s, 2, 6, 3, 7);
      v128.store(b, i64x2.shuffle(pq, rs, 0, 2));
      v128.store(b + rowOut, i64x2.shuffle(pq, rs, 1, 3));
      v128.store(b + 2 * rowOut, i64x2.shuffle(PQ, RS, 0, 2));
      v128.store(b + 3 * rowOut, i64x2.shuffle(PQ, RS, 1, 3));
      a += 16;
      b += 4 * rowOut;
    }
    for (; row < rows; row++) {
      store<i32>(b, load<i32>(a));
      store<i32>(b, load<i32>(a + stepIn), 4);
      store<i32>(b, load<i32>(a + 2 * stepIn), 8);
      store<i32>(b, load<i32>(a + 3 * stepIn), 12);
      a += 4;
      b += rowOut;
    }
    from += 4 * stepIn;
    to += 16;
  }
  for (; i < extent; i++) {
    for (let row = 0; row < rows; row++) store<i32>(to + row * rowOut, load<i32>(from + row * 4));
    from += stepIn;
    to += 4;
  }
}
