import { type CommandList, createCommandList } from "../../backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Emit, type Operand } from "../../backends/kernels/emit.ts";
import type { KernelCall } from "../recording.ts";

/** One operation of a program. What it reads and writes says how long memory is needed. */
export interface Operation {
  /** Commands for the kernels, or one of tfjs's kernels in JavaScript. */
  readonly does: CommandList | { readonly call: KernelCall; readonly inputs: readonly Buffer[]; readonly outputs: readonly Operand[] };
  readonly reads: ReadonlySet<Buffer>;
  readonly writes: ReadonlySet<Buffer>;
  /** Needed by this operation alone. */
  readonly scratch: ReadonlySet<Buffer>;
  /** Written buffers that may lie where read ones lie, if nobody needs those afterwards. */
  readonly inPlace: readonly { readonly write: Buffer; readonly read: Buffer }[];
}

/**
 * The commands that a lowering emits, as one operation; undefined if there are none.
 * @param outputs buffers made elsewhere that the commands write
 */
export function collect(emitted: (emit: Emit) => void, outputs: readonly Buffer[] = []): Operation | undefined {
  const commands = createCommandList();
  const reads = new Set<Buffer>();
  const writes = new Set<Buffer>(outputs);
  const scratch = new Set<Buffer>();
  const inPlace: { write: Buffer; read: Buffer }[] = [];
  emitted({
    output(shape, dtype) {
      const buffer = { bytes: bytesOf(shape, dtype) };
      writes.add(buffer);
      return { shape, dtype, buffer };
    },
    scratch(bytes) {
      const buffer = { bytes };
      scratch.add(buffer);
      return buffer;
    },
    command(opcode, chunks, ...args) {
      for (const word of args) if (typeof word !== "number" && !writes.has(word) && !scratch.has(word)) reads.add(word);
      commands.add(opcode, chunks, args);
    },
    inPlace: (output, input) => inPlace.push({ write: output.buffer, read: input.buffer }),
  });
  return commands.count === 0 ? undefined : { does: commands, reads, writes, scratch, inPlace };
}

/** A call that stays with tfjs's own kernel. */
export function script(call: KernelCall, inputs: readonly Buffer[]): Operation & { readonly outputs: readonly Operand[] } {
  const outputs = call.types.map(({ shape, dtype }) => ({ shape, dtype, buffer: { bytes: bytesOf(shape, dtype) } }));
  return {
    does: { call, inputs, outputs },
    outputs,
    reads: new Set(inputs),
    writes: new Set(outputs.map(({ buffer }) => buffer)),
    scratch: new Set(),
    inPlace: [],
  };
}
