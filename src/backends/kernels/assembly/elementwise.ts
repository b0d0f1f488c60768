import { group } from "./elementwise-group";
import { GROUP } from "./elementwise-opcodes";

/** Elementwise functions and reductions. */
export function elementwise(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case GROUP:
      group(args, chunk);
      break;
    default:
      unreachable();
  }
}
