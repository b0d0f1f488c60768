import { matmul, sumParts } from "./gemm";
import { MATMUL, SUM_PARTS } from "./product-opcodes";

/** Matrix products and convolutions. */
export function product(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case MATMUL:
      matmul(args, chunk);
      break;
    case SUM_PARTS:
      sumParts(args, chunk);
      break;
    default:
      unreachable();
  }
}
