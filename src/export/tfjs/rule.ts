import type { Extent } from "../extent.ts";
import type { RecordedCall, Value } from "../record.ts";
import { Refusal } from "../refusal.ts";
import { type Attrs, attr, type GraphBuilder } from "./graph-def.ts";

/** What a rule may ask while it translates one kernel. */
export interface Translation {
  readonly call: RecordedCall;
  readonly graph: GraphBuilder;
  /** Names in the graph of the kernel's inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The inputs' shapes and types. */
  readonly given: Readonly<Record<string, Value>>;
  readonly outputs: readonly Value[];
  /** What a tensor was before it was reshaped, if it was. */
  before(name: string): Shaped | undefined;
  /** Tells later rules that a tensor is another one reshaped. */
  remember(name: string, before: Shaped): void;
}

/** A tensor of the graph and its shape. */
export interface Shaped {
  readonly name: string;
  readonly shape: readonly Extent[];
}

/** Adds nodes that do what a tfjs kernel does, and names the tensors of its outputs. */
export type Rule = (at: Translation) => readonly string[];

export const refuse = ({ call }: Translation, message: string): never => {
  throw new Refusal(message, call.node);
};

/** The name of an input that must be there. */
export const input = (at: Translation, name: string): string => at.inputs[name] ?? refuse(at, `Its ${at.call.kernel} lacks the input ${name}.`);

export const given = (at: Translation, name: string): Value => at.given[name] ?? refuse(at, `Its ${at.call.kernel} lacks the input ${name}.`);

/** Inputs of a kernel that takes a list. */
export const listed = (at: Translation): string[] => Object.values(at.inputs);

export const output = (at: Translation): Value => at.outputs[0] ?? refuse(at, `Its ${at.call.kernel} gives nothing.`);

/** An attribute that is one number, the same for any batch. */
export function number(at: Translation, name: string, otherwise?: number): number {
  const value = at.call.attrs[name] ?? otherwise;
  return typeof value === "number" ? value : refuse(at, `The ${name} of its ${at.call.kernel} changes with the number of examples.`);
}

/** An attribute that is a list of numbers (or one, which stands for itself), the same for any batch. */
export function numbers(at: Translation, name: string): number[] {
  const value = at.call.attrs[name];
  const list = Array.isArray(value) ? value : [value];
  if (list.every((item) => typeof item === "number")) return list as number[];
  return refuse(at, `The ${name} of its ${at.call.kernel} changes with the number of examples.`);
}

/** An attribute that is a list of sizes. */
export const extents = (at: Translation, name: string): Extent[] => at.call.attrs[name] as Extent[];

export const flag = (at: Translation, name: string): boolean => at.call.attrs[name] === true;
export const text = (at: Translation, name: string): string => String(at.call.attrs[name]);

/** A list of axes, none of them negative. tfjs takes one, several, or nothing for all. */
export function axes(at: Translation, name: string, rank: number): number[] {
  if (!(name in at.call.attrs)) return refuse(at, `Its ${at.call.kernel} does not say along which axes.`);
  const value = at.call.attrs[name];
  if (value === undefined || value === null) return Array.from({ length: rank }, (_, axis) => axis);
  return numbers(at, name).map((axis) => (axis < 0 ? axis + rank : axis));
}

/** Adds the one node that a kernel is. */
export function emit(at: Translation, op: string, inputs: readonly string[], attrs: Attrs = {}, suffix: string = op): string {
  const type = at.outputs[0]?.dtype ?? "float32";
  return at.graph.add(op, `${at.call.node}/${suffix}`, inputs, { T: attr.type(type), ...attrs });
}
