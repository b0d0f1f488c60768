import { sizeOf } from "../../backends/kernels/emit.ts";
import type { KernelCall, Use } from "../recording.ts";
import { isElementwise } from "./kinds.ts";

/**
 * Moves updates of weights to where their gradient is known and the old weight is read for the last time, so that gradients need
 * not all wait for the end of the step. An update is a chain of elementwise calls that nothing but outputs comes of.
 * @param held values that outputs may replace: weights and slots
 */
export function updateEarly(calls: readonly KernelCall[], outputs: readonly Use[], held: ReadonlySet<number>): KernelCall[] {
  const wanted = new Set(outputs.map(({ value }) => value));
  const readers = new Map<number, KernelCall[]>();
  for (const call of calls) for (const value of valuesRead(call)) readers.set(value, [...(readers.get(value) ?? []), call]);

  const updates = new Set<KernelCall>();
  for (const call of calls.toReversed()) {
    const value = call.outputs[0] as number;
    const read = readers.get(value) ?? [];
    const ends = wanted.has(value) || read.length > 0;
    if (ends && isElementwise(call) && sizeOf(call.types[0]?.shape ?? []) > 1 && read.every((reader) => updates.has(reader))) updates.add(call);
  }

  /** Where calls stand that stay; what they read and make is known after that place. */
  const staying = calls.filter((call) => !updates.has(call));
  const made = new Map<number, number>();
  const lastRead = new Map<number, number>();
  for (const [i, call] of staying.entries()) {
    for (const value of valuesRead(call)) lastRead.set(value, i);
    for (const value of call.outputs) made.set(value, i);
  }
  const after = new Map<number, KernelCall[]>();
  for (const chain of chains(calls.filter((call) => updates.has(call)))) {
    const read = chain.flatMap(valuesRead);
    const place = Math.max(-1, ...read.map((value) => Math.max(made.get(value) ?? -1, held.has(value) ? (lastRead.get(value) ?? -1) : -1)));
    after.set(place, [...(after.get(place) ?? []), ...chain]);
  }
  return [...(after.get(-1) ?? []), ...staying.flatMap((call, i) => [call, ...(after.get(i) ?? [])])];
}

const valuesRead = ({ inputs }: KernelCall): number[] => inputs.flatMap(([, use]) => (use ? [use.value] : []));

/** Calls that hang together by what they give each other, each chain in order. */
function chains(calls: readonly KernelCall[]): KernelCall[][] {
  const chainOf = new Map<number, KernelCall[]>();
  const all = new Set<KernelCall[]>();
  for (const call of calls) {
    const before = [...new Set(valuesRead(call).flatMap((value) => (chainOf.has(value) ? [chainOf.get(value) as KernelCall[]] : [])))];
    const chain = before.length === 1 ? (before[0] as KernelCall[]) : before.flat();
    chain.push(call);
    for (const old of before) if (old !== chain) all.delete(old);
    all.add(chain);
    for (const member of before.length === 1 ? [call] : chain) for (const value of member.outputs) chainOf.set(value, chain);
  }
  const order = new Map(calls.map((call, i) => [call, i] as const));
  return [...all].map((chain) => chain.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}
