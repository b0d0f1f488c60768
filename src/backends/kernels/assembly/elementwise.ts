import { group } from "./elementwise-group";
import { GROUP } from "./elementwise-opcodes";
import { reduceColumns } from "./reduce-columns";
import { ARG_EXTREME, REDUCE_COLUMNS, REDUCE_ROWS, RUNNING_SUM, SOFTMAX } from "./reduce-opcodes";
import { argExtreme, runningSum } from "./reduce-ordered";
import { reduceRows } from "./reduce-rows";
import { softmax } from "./softmax";

/** Elementwise functions and reductions. */
export function elementwise(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case GROUP:
      group(args, chunk);
      break;
    case REDUCE_ROWS:
      reduceRows(args, chunk);
      break;
    case REDUCE_COLUMNS:
      reduceColumns(args, chunk);
      break;
    case SOFTMAX:
      softmax(args, chunk);
      break;
    case ARG_EXTREME:
      argExtreme(args);
      break;
    case RUNNING_SUM:
      runningSum(args);
      break;
    default:
      unreachable();
  }
}
