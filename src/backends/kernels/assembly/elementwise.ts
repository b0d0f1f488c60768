/** Elementwise functions and reductions. */
export function elementwise(opcode: i32, args: usize, chunk: i32): void {
  unreachable();
}
