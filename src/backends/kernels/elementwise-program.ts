import * as op from "./assembly/elementwise-opcodes.ts";
import { type Access, accessOf } from "./broadcast.ts";
import { elementwiseCost } from "./elementwise-cost.ts";
import type { Elementwise } from "./elementwise-kernels.ts";
import { type Buffer, type Emit, float, type Operand, sizeOf, type Word } from "./emit.ts";

/** An argument of a tied step: what an earlier step gave, an operand or a number, each by its index. */
type Source = { readonly from: "step" | "operand" | "number"; readonly index: number };

interface TiedStep {
  readonly code: number;
  readonly args: readonly Source[];
  /** The tensor that a call gives with this step. */
  readonly output?: Operand;
}

interface Reached {
  readonly operand: Operand;
  readonly access: Access;
}

/** Calls tied together: steps in order over the operands that come from outside. */
export interface Tied {
  readonly elements: number;
  readonly steps: readonly TiedStep[];
  readonly operands: readonly Reached[];
  readonly numbers: readonly number[];
}

const typeOf = { float32: op.FLOAT32, int32: op.INT32, bool: op.BOOL } as Readonly<Record<string, number>>;

/** Ties calls together at the buffers that one writes and a later one reads. */
export function tie(calls: readonly { readonly call: Elementwise; readonly output: Operand }[]): Tied {
  const steps: TiedStep[] = [];
  const operands: Reached[] = [];
  const numbers: number[] = [];
  const given = new Map<Buffer, number>();
  const number = (value: number): Source => {
    const found = numbers.findIndex((held) => Object.is(held, value));
    return { from: "number", index: found >= 0 ? found : numbers.push(value) - 1 };
  };
  const operand = (tensor: Operand, shape: readonly number[]): Source => {
    const inside = given.get(tensor.buffer);
    if (inside !== undefined) return { from: "step", index: inside };
    const access = accessOf(tensor.shape, shape);
    if (access === undefined) throw new Error(`No access to ${tensor.shape} as ${shape}.`);
    const found = operands.findIndex((held) => held.operand.buffer === tensor.buffer && sameAccess(held.access, access));
    return { from: "operand", index: found >= 0 ? found : operands.push({ operand: tensor, access }) - 1 };
  };
  for (const { call, output } of calls) {
    for (const [i, { code, args }] of call.steps.entries()) {
      const sources = args.map((arg): Source => {
        if (arg === undefined) return { from: "step", index: steps.length - 1 };
        return typeof arg === "number" ? number(arg) : operand(arg, call.shape);
      });
      steps.push({ code, args: sources, ...(i === call.steps.length - 1 && { output }) });
    }
    given.set(output.buffer, steps.length - 1);
  }
  return { elements: sizeOf(calls[0]?.call.shape ?? []), steps, operands, numbers };
}

const sameAccess = (a: Access, b: Access): boolean => a.kind === b.kind && a.words.every((word, i) => word === b.words[i]);

/** Emits tied calls as one command; outputs outside `stored` stay in registers. */
export function emitProgram({ elements, steps, operands, numbers }: Tied, stored: ReadonlySet<Operand>, emit: Emit): void {
  const lastUse = steps.map((_, i) => i);
  const lastRead = operands.map(() => -1);
  for (const [i, { args }] of steps.entries()) {
    for (const { from, index } of args) {
      if (from === "step") lastUse[index] = i;
      else if (from === "operand") lastRead[index] = i;
    }
  }
  const outputs = steps.flatMap(({ output }) => (output && stored.has(output) ? [output] : []));
  const firstOutput = operands.length + numbers.length;
  const registers = createRegisters(firstOutput + outputs.length);
  const slots: number[] = [];
  const slotOf = ({ from, index }: Source): number =>
    from === "operand" ? index : from === "number" ? operands.length + index : (slots[index] ?? 0);
  const program = steps.flatMap(({ code, args, output }, i) => {
    const [a = 0, b = 0, c = 0] = args.map(slotOf);
    for (const { from, index } of args) if (from === "step" && lastUse[index] === i) registers.free(slots[index] ?? 0);
    const place = output ? outputs.indexOf(output) : -1;
    const to = place >= 0 ? firstOutput + place : registers.take();
    slots.push(to);
    if (place >= 0 && output?.dtype === "float32") {
      for (const [index, { operand, access }] of operands.entries()) {
        // Later steps would read what this one has written.
        if (access.kind === op.FULL && operand.dtype === "float32" && (lastRead[index] ?? 0) <= i) emit.inPlace(output, operand);
      }
    }
    return [code | (to << 8) | (a << 16) | (b << 24), c];
  });
  const { chunks, perChunk } = elementwiseCost(
    elements,
    steps.map(({ code }) => code),
    operands.filter(({ access }) => access.kind === op.FULL).length + outputs.length,
  );
  const words: Word[] = [elements, perChunk, firstOutput, outputs.length, steps.length];
  for (const { operand, access } of operands) words.push(access.kind | ((typeOf[operand.dtype] ?? 0) << 8), operand.buffer, ...access.words);
  for (const value of numbers) words.push(op.IMMEDIATE, float(value));
  for (const output of outputs) words.push(typeOf[output.dtype] ?? 0, output.buffer);
  emit.command(op.GROUP, chunks, ...words, ...program);
}

/** Registers from `first` on; those given back are taken again first, because they are in the cache. */
function createRegisters(first: number) {
  const unused: number[] = [];
  let next = first;
  return {
    take: () => unused.pop() ?? next++,
    free: (slot: number) => {
      if (slot >= first && !unused.includes(slot)) unused.push(slot);
    },
  };
}
