import type { DataType } from "@tensorflow/tfjs-core";
import { SLOTS } from "./assembly/elementwise-opcodes.ts";
import { accessOf } from "./broadcast.ts";
import { type Elementwise, elementwiseKernels } from "./elementwise-kernels.ts";
import { emitProgram, type Tied, tie } from "./elementwise-program.ts";
import { type Emit, type Operand, sizeOf } from "./emit.ts";

/**
 * Groups of elementwise kernel calls that become one command: what one call gives the next stays in the cache.
 */

export interface ElementwiseCall {
  readonly name: string;
  /** By the kernel's own names; those of a list by their numbers. */
  readonly inputs: Readonly<Record<string, Operand | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly output: Operand;
}

/** A call as micro-operations; undefined if it cannot be one. */
function describe(name: string, inputs: ElementwiseCall["inputs"], attrs: ElementwiseCall["attrs"]): Elementwise | undefined {
  const described = elementwiseKernels[name]?.(inputs, attrs);
  if (described === undefined) return undefined;
  const within = described.steps.every(({ args }) =>
    args.every((arg) => typeof arg !== "object" || accessOf(arg.shape, described.shape) !== undefined),
  );
  return within ? described : undefined;
}

/** What the output of an elementwise kernel call is; undefined if this call cannot be in a group. */
export function fusible(
  name: string,
  inputs: ElementwiseCall["inputs"],
  attrs: ElementwiseCall["attrs"],
): { shape: readonly number[]; dtype: DataType } | undefined {
  const described = describe(name, inputs, attrs);
  return described && { shape: described.shape, dtype: described.dtype };
}

/**
 * Whether these calls, in order, fit into one command. Their outputs must have equally many elements; the shapes may differ. An operand
 * with the buffer of an earlier call's output is that output.
 */
export function fitsGroup(calls: readonly ElementwiseCall[]): boolean {
  const [first] = calls;
  if (first === undefined) return false;
  const size = sizeOf(first.output.shape);
  if (!calls.every(({ output }) => sizeOf(output.shape) === size)) return false;
  const tied = tieCalls(calls);
  return tied !== undefined && tied.operands.length + tied.numbers.length + tied.steps.length <= SLOTS;
}

/** Emits the group; only outputs in `stored` are written to memory. @throws Error if the calls do not fit into a group */
export function emitGroup(calls: readonly ElementwiseCall[], stored: ReadonlySet<Operand>, emit: Emit): void {
  const tied = tieCalls(calls);
  if (tied === undefined) throw new Error("These calls are not elementwise.");
  emitProgram(tied, stored, emit);
}

function tieCalls(calls: readonly ElementwiseCall[]): Tied | undefined {
  const described: { call: Elementwise; output: Operand }[] = [];
  for (const { name, inputs, attrs, output } of calls) {
    const call = describe(name, inputs, attrs);
    if (call === undefined) return undefined;
    described.push({ call, output });
  }
  return tie(described);
}
