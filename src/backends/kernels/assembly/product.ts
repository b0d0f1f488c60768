/** Matrix products and convolutions. */
export function product(opcode: i32, args: usize, chunk: i32): void {
  unreachable();
}
