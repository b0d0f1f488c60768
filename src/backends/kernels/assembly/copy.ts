import { chunksOf } from "./chunks";

/** From here on the engine's own copy and fill are faster than a loop; a call of them costs some twenty nanoseconds. */
const LONG: usize = 768;

/** Copies a run of bytes. */
export function copyRun(to: usize, from: usize, bytes: usize): void {
  if (bytes >= LONG) {
    memory.copy(to, from, bytes);
    return;
  }
  while (bytes >= 64) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    from += 64;
    to += 64;
    bytes -= 64;
  }
  while (bytes >= 16) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
    bytes -= 16;
  }
  while (bytes >= 4) {
    store<u32>(to, load<u32>(from));
    from += 4;
    to += 4;
    bytes -= 4;
  }
  while (bytes > 0) {
    store<u8>(to, load<u8>(from));
    from++;
    to++;
    bytes--;
  }
}

/** Sets a run of words of four bytes; `bytes` is a multiple of four. */
export function fillRun(to: usize, bytes: usize, value: i32): void {
  if (value === 0 && bytes >= LONG) {
    memory.fill(to, 0, bytes);
    return;
  }
  const four = i32x4.splat(value);
  while (bytes >= 16) {
    v128.store(to, four);
    to += 16;
    bytes -= 16;
  }
  while (bytes > 0) {
    store<i32>(to, value);
    to += 4;
    bytes -= 4;
  }
}

/** from, offset, to, offset, bytes. */
export function copy(args: usize, chunk: i32): void {
  const bytes = load<u32>(args, 16);
  const share = share64(bytes, chunksOf(args));
  const start = share * chunk;
  if (start >= bytes) return;
  const from = <usize>(load<u32>(args) + load<u32>(args, 4) + start);
  const to = <usize>(load<u32>(args, 8) + load<u32>(args, 12) + start);
  copyRun(to, from, min(share, bytes - start));
}

/** to, words, value. */
export function fill(args: usize, chunk: i32): void {
  const bytes = load<u32>(args, 4) << 2;
  const share = share64(bytes, chunksOf(args));
  const start = share * chunk;
  if (start >= bytes) return;
  fillRun(<usize>(load<u32>(args) + start), min(share, bytes - start), load<i32>(args, 8));
}

/** Bytes of a chunk, a multiple of a cache line. */
@inline
function share64(bytes: u32, chunks: i32): u32 {
  return (bytes / chunks + 64) & ~63;
}
