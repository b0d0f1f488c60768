import { chunksOf, shareOf } from "./chunks";
import { copyRun, fillRun } from "./copy";
import { scratch } from "./scratch";

/**
 * Borders around a tensor, row by row of the output. Words: from, to, value of the border, number of outer axes, rows; bytes of a
 * row before, within and after the source; for each outer axis, innermost first: its extent in the output, what comes before
 * the source, its extent in the source, the source's stride in bytes.
 */
export function pad(args: usize, chunk: i32): void {
  const source = load<usize>(args);
  const value = load<i32>(args, 8);
  const rank = load<i32>(args, 12);
  const rows = load<i32>(args, 16);
  const before = load<u32>(args, 20);
  const within = load<u32>(args, 24);
  const after = load<u32>(args, 28);
  const width = before + within + after;
  const outer = args + 32;
  const chunks = chunksOf(args);
  let row = shareOf(rows, chunk, chunks);
  const end = shareOf(rows, chunk + 1, chunks);
  let to = load<usize>(args, 4) + <usize>row * width;
  locate(outer, rank, row);
  while (row < end) {
    let from = source;
    let inside = true;
    for (let axis = 0; axis < rank; axis++) {
      const at = outer + (axis << 4);
      const coordinate = load<i32>(scratch + (axis << 2)) - load<i32>(at, 4);
      if (<u32>coordinate >= load<u32>(at, 8)) {
        inside = false;
        break;
      }
      from += coordinate * load<i32>(at, 12);
    }
    if (inside) {
      if (before > 0) fillRun(to, before, value);
      copyRun(to + before, from, within);
      if (after > 0) fillRun(to + before + within, after, value);
    } else fillRun(to, width, value);
    to += width;
    row++;
    advance(outer, rank);
  }
}

/**
 * Borders that mirror the source. Words: from, to, bytes of a row, number of axes (of rows), rows, 1 if the element at the edge is
 * repeated and 0 if not; the axes as for `pad`.
 */
export function mirrorPad(args: usize, chunk: i32): void {
  const source = load<usize>(args);
  const width = load<usize>(args, 8);
  const rank = load<i32>(args, 12);
  const rows = load<i32>(args, 16);
  const repeated = load<i32>(args, 20);
  const outer = args + 24;
  const chunks = chunksOf(args);
  let row = shareOf(rows, chunk, chunks);
  const end = shareOf(rows, chunk + 1, chunks);
  let to = load<usize>(args, 4) + <usize>row * width;
  locate(outer, rank, row);
  while (row < end) {
    let from = source;
    for (let axis = 0; axis < rank; axis++) {
      const at = outer + (axis << 4);
      const extent = load<i32>(at, 8);
      let coordinate = load<i32>(scratch + (axis << 2)) - load<i32>(at, 4);
      if (coordinate < 0) coordinate = -coordinate - repeated;
      else if (coordinate >= extent) coordinate = 2 * (extent - 1) - coordinate + repeated;
      from += coordinate * load<i32>(at, 12);
    }
    copyRun(to, from, width);
    to += width;
    row++;
    advance(outer, rank);
  }
}

/** Writes a row's coordinates to this thread's memory. */
function locate(outer: usize, rank: i32, row: i32): void {
  for (let axis = 0; axis < rank; axis++) {
    const extent = load<i32>(outer + (axis << 4));
    store<i32>(scratch + (axis << 2), row % extent);
    row /= extent;
  }
}

/** The next row's coordinates. */
@inline
function advance(outer: usize, rank: i32): void {
  for (let axis = 0; axis < rank; axis++) {
    const coordinate = load<i32>(scratch + (axis << 2)) + 1;
    const within = coordinate < load<i32>(outer + (axis << 4));
    store<i32>(scratch + (axis << 2), within ? coordinate : 0);
    if (within) break;
  }
}
