import { bytesOf } from "../../backends/kernels/emit.ts";
import type { KernelCall, Use } from "../recording.ts";
import { isCheap, isRandom } from "./kinds.ts";

/**
 * Recomputation: what the way back needs of the way forward is computed once more when it is needed, instead of being kept until
 * then. The numbers are the same; the step takes longer and needs less memory.
 */
export interface Recomputation {
  readonly calls: KernelCall[];
  /** Calls that are made twice. */
  readonly again: number;
}

/**
 * Some ways to do it; which needs least is for a layout to say:
 * - only what costs little to compute is computed again, from products and convolutions that are kept;
 * - the way forward is cut into segments, and only what crosses the cuts is kept (Chen et al. 2016, arXiv:1604.06174).
 * @param forward values below this number are made on the way forward
 * @param size values from this number on are free
 */
export function recomputations(calls: readonly KernelCall[], outputs: readonly Use[], forward: number, size: number): Recomputation[] {
  const end = calls.findLastIndex((call) => call.outputs.some((value) => value < forward)) + 1;
  const ahead = calls.slice(0, end);
  const wanted = new Set(outputs.map(({ value }) => value));
  const makers = new Map(ahead.flatMap((call) => call.outputs.map((value) => [value, call] as const)));
  const mustKeep = (value: number, call: KernelCall) => wanted.has(value) || isRandom(call);
  const rewritten = (keeps: (value: number, call: KernelCall) => boolean) =>
    rewrite(ahead, calls.slice(end), size, (value) => {
      const call = makers.get(value);
      return call !== undefined && !mustKeep(value, call) && !keeps(value, call) ? call : undefined;
    });
  const cheaply = rewritten((_, call) => !isCheap(call));
  const segmented = segmentCounts
    .filter((count) => count * 3 <= end)
    .map((count) => {
      const kept = crossing(ahead, calls.slice(end), count);
      return rewritten((value) => kept.has(value));
    });
  return [cheaply, ...segmented];
}

/** Numbers of segments that are tried. */
const segmentCounts = [2, 3, 4, 6, 8, 12, 16, 24, 32];

const usesOf = ({ inputs }: KernelCall): Use[] => inputs.flatMap(([, use]) => (use ? [use] : []));

/** @param maker the call that makes a value again; undefined for values that are kept */
function rewrite(
  ahead: readonly KernelCall[],
  back: readonly KernelCall[],
  size: number,
  maker: (value: number) => KernelCall | undefined,
): Recomputation {
  const calls = [...ahead];
  const again = new Map<number, number>();
  let next = size;
  let count = 0;
  const renamed = (call: KernelCall): KernelCall => {
    for (const { value } of usesOf(call)) remake(value);
    const inputs = call.inputs.map(([key, use]) => [key, use && { ...use, value: again.get(use.value) ?? use.value }] as const);
    return { ...call, inputs };
  };
  const remake = (value: number): void => {
    const call = again.has(value) ? undefined : maker(value);
    if (call === undefined) return;
    const copy = renamed(call);
    const outputs = call.outputs.map(() => next++);
    for (const [i, old] of call.outputs.entries()) again.set(old, outputs[i] as number);
    calls.push({ ...copy, outputs });
    count++;
  };
  for (const call of back) calls.push(renamed(call));
  return { calls, again: count };
}

/** The values that cross the borders of segments which hold about equally much for the way back, each border where little crosses. */
function crossing(ahead: readonly KernelCall[], back: readonly KernelCall[], count: number): Set<number> {
  const lastReader = new Map<number, number>();
  for (const [i, call] of ahead.entries()) for (const { value } of usesOf(call)) lastReader.set(value, i);
  const needed = new Set(back.flatMap((call) => usesOf(call).map(({ value }) => value)));
  const sizes = ahead.map((call) => call.outputs.map((value, i) => ({ value, bytes: bytesOf(call.types[i]?.shape ?? [], "float32") })));
  /** Bytes that cross the border after each call. */
  const across = new Array<number>(ahead.length + 1).fill(0);
  let sum = 0;
  const kept = ahead.map((_, i) => {
    for (const { value, bytes } of sizes[i] ?? []) {
      if (needed.has(value)) sum += bytes;
      const last = lastReader.get(value) ?? i;
      across[i] = (across[i] ?? 0) + bytes;
      across[last] = (across[last] ?? 0) - bytes;
    }
    return sum;
  });
  for (let i = 1; i < across.length; i++) across[i] = (across[i] ?? 0) + (across[i - 1] ?? 0);
  const values = new Set<number>();
  for (let border = 1; border < count; border++) {
    const middle = (border / count) * sum;
    const reach = sum / count / 3;
    let best: number | undefined;
    for (const [i, held] of kept.entries())
      if (Math.abs(held - middle) <= reach && (best === undefined || (across[i] ?? 0) < (across[best] ?? 0))) best = i;
    const cut = best ?? kept.findIndex((held) => held >= middle);
    for (let i = 0; i <= cut; i++) for (const { value } of sizes[i] ?? []) if ((lastReader.get(value) ?? i) > cut) values.add(value);
  }
  return values;
}
