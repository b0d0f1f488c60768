import { type Buffer, bytesOf } from "../../backends/kernels/emit.ts";
import type { Recording, Use } from "../recording.ts";
import { liveCalls } from "./graph.ts";
import type { ProgramPlan, ProgramWish } from "./plan.ts";

/** Memory that a step needs beside what it starts from and what it gives, and what fills it when most of it is in use. */
export interface Usage {
  readonly bytes: number;
  /** Values that are held at that moment, and the bytes that each takes; values that share memory are listed once. */
  readonly held: ReadonlyMap<number, number>;
}

interface Span {
  readonly value: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Of a program that is laid out. */
export function usageOf({ operations, buffers, layout, fed, constantBytes }: ProgramPlan): Usage {
  const first = new Map<Buffer, number>();
  const last = new Map<Buffer, number>();
  for (const [i, { reads, writes }] of operations.entries()) {
    for (const buffer of writes) if (!first.has(buffer)) first.set(buffer, i);
    for (const buffer of [...reads, ...writes]) last.set(buffer, i);
  }
  for (const { value } of fed) first.set(buffers.get(value) as Buffer, -1);
  const values = new Map([...buffers].map(([value, buffer]) => [buffer, value] as const).reverse());
  const spans = [...layout.offsets.keys()].flatMap((buffer): Span[] => {
    const value = values.get(buffer);
    const from = first.get(buffer);
    return value === undefined || from === undefined ? [] : [{ value, bytes: buffer.bytes, first: from, last: last.get(buffer) ?? from }];
  });
  return { bytes: layout.bytes + constantBytes, held: heldAtPeak(spans, operations.length).held };
}

/** Of a recording that is repeated kernel by kernel, each result given back after its last reader. */
export function usageOfReplay(recording: Pick<Recording, "calls">, { outputs, fresh }: ProgramWish): Usage {
  const calls = liveCalls(recording.calls, outputs);
  const spans = new Map<number, Span>();
  const touch = ({ value, shape, dtype }: Use, at: number, made: boolean) => {
    const span = spans.get(value) ?? (made ? { value, bytes: bytesOf(shape, dtype), first: at, last: at } : undefined);
    if (span) spans.set(value, { ...span, last: at });
  };
  for (const [i, { inputs, outputs: made, types }] of calls.entries()) {
    for (const [, use] of inputs) if (use) touch(use, i, fresh.has(use.value));
    for (const [k, value] of made.entries()) touch({ value, shape: types[k]?.shape ?? [], dtype: types[k]?.dtype ?? "float32" }, i, true);
  }
  for (const { value } of outputs) {
    const span = spans.get(value);
    if (span) spans.set(value, { ...span, last: calls.length });
  }
  return heldAtPeak([...spans.values()], calls.length);
}

/** @param length moments from −1 to this one */
function heldAtPeak(spans: readonly Span[], length: number): Usage {
  const change = new Array<number>(length + 3).fill(0);
  for (const { bytes, first, last } of spans) {
    change[first + 1] = (change[first + 1] ?? 0) + bytes;
    change[last + 2] = (change[last + 2] ?? 0) - bytes;
  }
  let bytes = 0;
  let peak = 0;
  let at = 0;
  for (const [i, by] of change.entries()) {
    bytes += by;
    if (bytes <= peak) continue;
    peak = bytes;
    at = i - 1;
  }
  return { bytes: peak, held: new Map(spans.filter(({ first, last }) => first <= at && at <= last).map(({ value, bytes: size }) => [value, size])) };
}
