import type { Buffer, Operand } from "../../backends/kernels/emit.ts";
import { type ElementwiseCall, emitGroup, fitsGroup } from "../../backends/kernels/fuse.ts";
import { collect, type Operation } from "./operation.ts";

/** An elementwise call that waits to be carried out together with its neighbours. */
export interface Waiting extends ElementwiseCall {
  readonly value: number;
  /** Values that it reads. */
  readonly uses: readonly { readonly value: number; readonly shape: readonly number[] }[];
}

/**
 * Elementwise calls wait until somebody needs their results, so that neighbours of one shape become one command that goes
 * through memory once; what only the group itself reads is never stored.
 */
export interface Groups {
  /** Takes a call in. Groups that it needs and cannot join are carried out. */
  add(call: Waiting): void;
  /** Carries out what these values wait for. */
  need(values: Iterable<number>): void;
  /** Carries out all that waits. */
  finish(): void;
}

interface Group {
  readonly calls: Waiting[];
  readonly shape: readonly number[];
}

/**
 * @param readers how often each value is read, as an output of the program too
 * @param outputs values that the program gives out
 */
export function createGroups(readers: ReadonlyMap<number, number>, outputs: ReadonlySet<number>, carryOut: (operation: Operation) => void): Groups {
  const groups = new Map<number, Group>();
  /** Readings of a value from outside its group. */
  const outside = (value: number, { calls }: Group): number =>
    (readers.get(value) ?? 0) - calls.reduce((sum, { uses }) => sum + uses.filter((use) => use.value === value).length, 0);
  const flush = (group: Group) => {
    const stored = new Set<Operand>();
    const written: Buffer[] = [];
    for (const { value, output } of group.calls) {
      groups.delete(value);
      if (outside(value, group) === 0) continue;
      stored.add(output);
      written.push(output.buffer);
    }
    const operation = collect((emit) => emitGroup(group.calls, stored, emit), written);
    if (operation) carryOut(operation);
  };
  const isComplete = (group: Group): boolean => group.calls.every(({ value }) => outside(value, group) === (outputs.has(value) ? 1 : 0));

  return {
    add(call) {
      const { shape } = call.output;
      const sources = new Set(call.uses.flatMap(({ value }) => groups.get(value) ?? []));
      const joining: Group[] = [];
      for (const group of sources) {
        const asMade = call.uses.every((use) => groups.get(use.value) !== group || equal(use.shape, group.shape));
        if (asMade && equal(group.shape, shape)) joining.push(group);
        else flush(group);
      }
      let group: Group = { calls: [...joining.flatMap(({ calls }) => calls), call], shape };
      if (!fitsGroup(group.calls)) {
        for (const one of joining) flush(one);
        group = { calls: [call], shape };
      }
      for (const { value } of group.calls) groups.set(value, group);
      if (isComplete(group)) flush(group);
    },
    need(values) {
      for (const value of values) {
        const group = groups.get(value);
        if (group) flush(group);
      }
    },
    finish() {
      for (const group of new Set(groups.values())) flush(group);
    },
  };
}

const equal = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((n, i) => n === b[i]);
