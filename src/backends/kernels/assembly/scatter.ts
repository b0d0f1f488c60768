import { copyRun, fillRun } from "./copy";
import { flatIndex } from "./gather";

/**
 * Sums of the rows that bear the same index. Each chunk has columns and output rows of its own and goes through all indices in their
 * order, so that the sums are the same for any number of threads. Words: rows, indices, to, number of rows, columns, output
 * rows, blocks of columns, blocks of output rows. Indices out of range are left out.
 */
export function segmentSum(args: usize, chunk: i32): void {
  const from = load<usize>(args);
  const indices = load<usize>(args, 4);
  const to = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const segments = load<i32>(args, 20);
  const columnBlocks = load<i32>(args, 24);
  const rangeBlocks = load<i32>(args, 28);
  const range = chunk / columnBlocks;
  const block = chunk - range * columnBlocks;
  const width = (((columns + columnBlocks - 1) / columnBlocks) + 3) & ~3;
  const column = block * width;
  const mine = min(width, columns - column);
  if (mine <= 0) return;
  const low = <i32>((<i64>segments * range) / rangeBlocks);
  const high = <i32>((<i64>segments * (range + 1)) / rangeBlocks);
  const stride = <usize>columns << 2;
  const offset = <usize>column << 2;
  if (mine === columns) fillRun(to + low * stride, (high - low) * stride, 0);
  else for (let row = low; row < high; row++) fillRun(to + row * stride + offset, mine << 2, 0);
  let source = from + offset;
  for (let i = 0; i < rows; i++) {
    const index = load<i32>(indices + (i << 2));
    if (index >= low && index < high) addRun(to + <usize>index * stride + offset, source, mine);
    source += stride;
  }
}

@inline
function addRun(to: usize, from: usize, count: i32): void {
  while (count >= 8) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    from += 32;
    to += 32;
    count -= 8;
  }
  if (count >= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
    count -= 4;
  }
  while (count > 0) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
    count--;
  }
}

/**
 * Writes or adds rows at their places in a tensor that is there. Words: rows, indices, to, bytes of a row, number of rows, output rows, what
 * is done (0 write, 1 add floats, 2 add whole numbers), 0 if one element is written everywhere, number of axes; for each
 * its stride in rows. One chunk: a later row overwrites an earlier one.
 */
export function scatter(args: usize): void {
  let from = load<usize>(args);
  let index = load<usize>(args, 4);
  const to = load<usize>(args, 8);
  const bytes = load<i32>(args, 12);
  const rows = load<i32>(args, 16);
  const outputRows = load<u32>(args, 20);
  const what = load<i32>(args, 24);
  const many = load<i32>(args, 28) !== 0;
  const rank = load<i32>(args, 32);
  for (let i = 0; i < rows; i++) {
    const row = flatIndex(index, args + 36, rank);
    index += rank << 2;
    if (row < outputRows) {
      const target = to + <usize>row * bytes;
      if (what === 1) addRun(target, from, bytes >> 2);
      else if (what === 2) for (let j = 0; j < bytes; j += 4) store<i32>(target + j, load<i32>(target + j) + load<i32>(from + j));
      else if (many) copyRun(target, from, bytes);
      else fillRun(target, bytes, load<i32>(from));
    }
    if (many) from += bytes;
  }
}
