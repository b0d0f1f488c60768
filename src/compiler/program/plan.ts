import { type Buffer, bytesOf } from "../../backends/kernels/emit.ts";
import type { KernelCall, Recording, Use } from "../recording.ts";
import { updateEarly } from "./early.ts";
import { absorbRelu, countReaders, liveCalls, readOutputsOfRelu, shareCalls, splitSums } from "./graph.ts";
import { type Layout, layOut } from "./layout.ts";
import { type Lowered, lower } from "./lower.ts";
import { recomputations } from "./recompute.ts";

/** What is to be made of a recording. */
export interface ProgramWish {
  /** What a run is to give. */
  readonly outputs: readonly Use[];
  /** Declared values whose data a run takes over. */
  readonly fresh: ReadonlySet<number>;
  /** Activations are computed again rather than kept; values below this number are made on the way forward. */
  readonly recompute?: number;
}

/** A program without memory yet: its operations, and where their results are to lie. */
export interface ProgramPlan extends Lowered {
  /** Calls on constants alone, to be made once. */
  readonly folded: readonly KernelCall[];
  readonly outputs: readonly Use[];
  /** The values that a run starts from: those that it takes over, and others. */
  readonly fed: readonly Use[];
  readonly held: readonly Use[];
  /** Bytes of constants among those others, which belong to the program. */
  readonly constantBytes: number;
  /** Buffers of results that outlive a run. */
  readonly results: ReadonlySet<Buffer>;
  readonly layout: Layout;
}

/** @param add the kernel `Add` of the backend for which the recording was made */
export function planProgram(
  recording: Pick<Recording, "calls" | "constants" | "size">,
  { outputs: wanted, fresh, recompute }: ProgramWish,
  add: KernelCall["kernel"],
): ProgramPlan {
  const shared = shareCalls(liveCalls(recording.calls, wanted), wanted);
  const { outputs } = shared;
  const split = splitSums(shared.calls, add, recording.size);
  const { folded, left } = foldConstants(absorbRelu(liveCalls(readOutputsOfRelu(split), outputs), outputs), recording.constants);
  const plan = layOutCalls(left, folded, outputs, fresh, recording.constants);
  if (recompute === undefined) return plan;
  const free = 1 + Math.max(recording.size, ...left.flatMap((call) => call.outputs));
  const others = recomputations(left, outputs, recompute, free).map(({ calls, again }) => ({
    plan: layOutCalls(calls, folded, outputs, fresh, recording.constants),
    again,
  }));
  // Of those that need about the same, the one that computes least.
  const least = Math.min(plan.layout.bytes, ...others.map((other) => other.plan.layout.bytes));
  const [best] = [{ plan, again: 0 }, ...others].filter((other) => other.plan.layout.bytes <= least * 1.03).sort((a, b) => a.again - b.again);
  return best?.plan ?? plan;
}

function layOutCalls(
  calls: readonly KernelCall[],
  folded: readonly KernelCall[],
  outputs: readonly Use[],
  fresh: ReadonlySet<number>,
  constants: ReadonlyMap<number, unknown>,
): ProgramPlan {
  const computed = new Set(calls.flatMap((call) => call.outputs));
  const read = new Map<number, Use>();
  for (const use of [...calls.flatMap(({ inputs }) => inputs.flatMap(([, one]) => (one ? [one] : []))), ...outputs]) read.set(use.value, use);
  const given = [...read.values()].filter(({ value }) => !computed.has(value));
  const fed = given.filter(({ value }) => fresh.has(value));
  const held = given.filter(({ value }) => !fresh.has(value));
  const known = new Set([...constants.keys(), ...folded.flatMap((call) => call.outputs)]);
  const replaced = new Set(held.map(({ value }) => value).filter((value) => !known.has(value)));
  const ordered = updateEarly(calls, outputs, replaced);
  const { operations, buffers } = lower(ordered, given, outputs, countReaders(ordered, outputs));
  const bufferOf = ({ value }: Use): Buffer => buffers.get(value) as Buffer;
  const inputs = new Set(given.map(bufferOf));
  const results = new Set(outputs.map(bufferOf).filter((buffer) => !inputs.has(buffer)));
  const layout = layOut(operations, new Set(fed.map(bufferOf)), new Set(held.map(bufferOf)), results);
  const constantBytes = held.filter(({ value }) => known.has(value)).reduce((sum, { shape, dtype }) => sum + bytesOf(shape, dtype), 0);
  return { folded, outputs, fed, held, constantBytes, results, layout, operations, buffers };
}

/** Takes out the calls whose inputs are all constants. */
function foldConstants(
  calls: readonly KernelCall[],
  constants: ReadonlyMap<number, unknown>,
): { readonly folded: KernelCall[]; readonly left: KernelCall[] } {
  const known = new Set(constants.keys());
  const folded: KernelCall[] = [];
  const left = calls.filter((call) => {
    if (!call.inputs.every(([, use]) => use === undefined || known.has(use.value))) return true;
    for (const value of call.outputs) known.add(value);
    folded.push(call);
    return false;
  });
  return { folded, left };
}
