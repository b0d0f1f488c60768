import type { Emit, Lowering, Operand } from "./emit.ts";

/** A lowering with exact types; they are forgotten here, as tfjs's registry forgets them. Optional inputs may be left out of a call. */
export function defineLowering<Input extends string, Attrs>(
  run: (inputs: Readonly<Record<Input, Operand>>, attrs: Attrs, emit: Emit) => Operand | readonly Operand[] | undefined,
): Lowering {
  return (inputs, attrs, emit) => run(inputs as Readonly<Record<Input, Operand>>, attrs as Attrs, emit);
}
