import { copy, fill } from "./copy";
import { gather, gatherNd, oneHot } from "./gather";
import { GATHER, GATHER_ND, ONE_HOT, SCATTER, SEGMENT_SUM } from "./index-opcodes";
import { COPY, COPY_STRIDED, FILL, MIRROR_PAD, PAD } from "./move-opcodes";
import { mirrorPad, pad } from "./pad";
import { pool } from "./pooling";
import { poolGradient } from "./pooling-gradient";
import { AVG_POOL, AVG_POOL_GRAD, MAX_POOL, MAX_POOL_GRAD } from "./pooling-opcodes";
import { resize, resizeGradient } from "./resize";
import { RESIZE, RESIZE_GRAD } from "./resize-opcodes";
import { scatter, segmentSum } from "./scatter";
import { copyStrided } from "./strided";

/** Movement of numbers: copies, transposes, slices, gathers; pooling and resizing. */
export function move(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case COPY:
      copy(args, chunk);
      break;
    case COPY_STRIDED:
      copyStrided(args, chunk);
      break;
    case PAD:
      pad(args, chunk);
      break;
    case MIRROR_PAD:
      mirrorPad(args, chunk);
      break;
    case FILL:
      fill(args, chunk);
      break;
    case GATHER:
      gather(args, chunk);
      break;
    case ONE_HOT:
      oneHot(args, chunk);
      break;
    case GATHER_ND:
      gatherNd(args, chunk);
      break;
    case SEGMENT_SUM:
      segmentSum(args, chunk);
      break;
    case SCATTER:
      scatter(args);
      break;
    case MAX_POOL:
      pool(args, chunk, true);
      break;
    case AVG_POOL:
      pool(args, chunk, false);
      break;
    case MAX_POOL_GRAD:
      poolGradient(args, chunk, true);
      break;
    case AVG_POOL_GRAD:
      poolGradient(args, chunk, false);
      break;
    case RESIZE:
      resize(args, chunk);
      break;
    case RESIZE_GRAD:
      resizeGradient(args, chunk);
      break;
    default:
      unreachable();
  }
}
