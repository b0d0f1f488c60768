/** The number of chunks of a command, from the address of its arguments. */
@inline
export function chunksOf(args: usize): i32 {
  return load<i32>(args - 8);
}

/** Where a chunk's share of `count` things begins; it ends where the next one's begins. */
@inline
export function shareOf(count: i32, chunk: i32, chunks: i32): i32 {
  return <i32>((<i64>count * chunk) / chunks);
}
