import { COPY } from "./move-opcodes";

/** Movement of numbers: copies, transposes, slices, gathers; pooling and resizing. */
export function move(opcode: i32, args: usize, chunk: i32): void {
  switch (opcode) {
    case COPY:
      copy(args);
      break;
    default:
      unreachable();
  }
}

function copy(args: usize): void {
  memory.copy(<usize>load<u32>(args, 4), <usize>load<u32>(args), <usize>load<u32>(args, 8));
}
