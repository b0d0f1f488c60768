import { conv } from "./conv";
import { convFilter } from "./conv-filter";
import { depthwise, depthwiseFilter } from "./conv-depthwise";
import { matmul, sumParts } from "./gemm";
import { CONV, CONV_FILTER, DEPTHWISE, DEPTHWISE_FILTER, DEPTHWISE_INPUT, MATMUL, SUM_PARTS } from "./product-opcodes";

/** Matrix products and convolutions. */
export function product(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case MATMUL:
      matmul(args, chunk);
      break;
    case SUM_PARTS:
      sumParts(args, chunk);
      break;
    case CONV:
      conv(args, chunk);
      break;
    case CONV_FILTER:
      convFilter(args, chunk);
      break;
    case DEPTHWISE:
    case DEPTHWISE_INPUT:
      depthwise(args, chunk, opcode == DEPTHWISE_INPUT);
      break;
    case DEPTHWISE_FILTER:
      depthwiseFilter(args, chunk);
      break;
    default:
      unreachable();
  }
}
