import { elementwise } from "./elementwise";
import { move } from "./move";
import { product } from "./product";

/**
 * Does one chunk of a command. Opcodes: 100–199 elementwise and reductions, 200–299 products and convolutions,
 * 300–399 movement, indexing and pooling.
 */
export function dispatch(opcode: i32, args: usize, chunk: i32): void {
  if (opcode < 200) elementwise(opcode, args, chunk);
  else if (opcode < 300) product(opcode, args, chunk);
  else move(opcode, args, chunk);
}
