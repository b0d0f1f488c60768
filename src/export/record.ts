import type { Given, Trace, TracedCall, TracedTensor, TracedType } from "../backends/trace.ts";
import { type Extent, extentOf } from "./extent.ts";
import { Refusal } from "./refusal.ts";

/**
 * A program as a list of kernels over values, for any number of examples: what every export format translates.
 * It is read off three runs: two with different batch sizes tell which sizes follow the batch, and a third with another
 * seed tells random numbers from constants.
 */

export type ValueSource =
  /** The caller feeds it. */
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "weight"; readonly name: string }
  /** Random numbers that the node draws. */
  | { readonly kind: "draw"; readonly node: string; readonly distribution: "normal" | "uniform" }
  | { readonly kind: "constant"; readonly values: ArrayLike<number> }
  /** One number everywhere, in a shape that follows the batch. */
  | { readonly kind: "fill"; readonly value: number }
  | { readonly kind: "output"; readonly call: number; readonly index: number };

export interface Value {
  readonly shape: readonly Extent[];
  readonly dtype: TracedType;
  readonly source: ValueSource;
}

export interface RecordedCall {
  /** tfjs's name of the kernel. */
  readonly kernel: string;
  /** By name, indices into `values`. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Numbers that differ between batch sizes are extents. */
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly number[];
  /** Path of the node it belongs to. */
  readonly node: string;
}

export interface Recorded {
  readonly values: readonly Value[];
  readonly calls: readonly RecordedCall[];
  /** Named results, indices into `values`. */
  readonly outputs: readonly { readonly name: string; readonly value: number }[];
}

/** What a traced run hands over: how its tensors are called. */
export interface RunNames {
  readonly inputs: Readonly<Record<string, TracedTensor>>;
  readonly weights: Readonly<Record<string, TracedTensor>>;
  readonly outputs: Readonly<Record<string, TracedTensor>>;
}
type Run = Trace<RunNames>;

/**
 * Joins the runs.
 * @param runs with two examples, with three, and with two and another seed
 * @throws Refusal if they do not do the same, or make constants that follow the batch in no simple way
 */
export function joinRuns(runs: readonly [Run, Run, Run]): Recorded {
  const [first, second] = runs;
  const values: Value[] = [];
  /** Value by tensor of the first run: tensors that share data and shape are one value. */
  const known = new Map<object, Map<string, number>>();

  const find = (tensor: TracedTensor) => known.get(tensor.data)?.get(viewOf(tensor));
  const define = (a: TracedTensor, b: TracedTensor, source: ValueSource): number => {
    const shape = a.shape.map((size, axis) => extentOf(size, b.shape[axis] ?? 0));
    const views = known.get(a.data) ?? new Map<string, number>();
    known.set(a.data, views.set(viewOf(a), values.length));
    values.push({ shape, dtype: a.dtype, source });
    return values.length - 1;
  };

  for (const kind of ["inputs", "weights"] as const)
    for (const [name, tensor] of Object.entries(first.result[kind]))
      define(tensor, partner(second.result[kind][name]), { kind: kind === "inputs" ? "input" : "weight", name });

  const calls = first.calls.map((call, i): RecordedCall => {
    const twins = runs.map((run) => run.calls[i]);
    const other = twins[1];
    if (other === undefined || twins.some((twin) => twin?.kernel !== call.kernel) || first.calls.length !== second.calls.length)
      throw new Refusal("What it computes changes with the number of examples.", call.label);
    const inputs = Object.entries(call.inputs).map(([name, tensor]): [string, number] => {
      const tensors = twins.map((twin) => partner(twin?.inputs[name])) as [TracedTensor, TracedTensor, TracedTensor];
      return [name, find(tensor) ?? define(tensor, tensors[1], givenSource(runs, tensors))];
    });
    const attrs = joinAttrs(call, other);
    const outputs = call.outputs.map((tensor, index) => {
      const same = find(tensor);
      return same ?? define(tensor, partner(other.outputs[index]), { kind: "output", call: i, index });
    });
    return { kernel: call.kernel, inputs: Object.fromEntries(inputs), attrs, outputs, node: call.label };
  });

  const outputs = Object.entries(first.result.outputs).map(([name, tensor]) => {
    const tensors = runs.map((run) => partner(run.result.outputs[name])) as [TracedTensor, TracedTensor, TracedTensor];
    return { name, value: find(tensor) ?? define(tensor, tensors[1], givenSource(runs, tensors)) };
  });
  return { values, calls, outputs };
}

const viewOf = ({ shape, dtype }: TracedTensor): string => `${dtype}[${shape.join()}]`;

function partner<T>(found: T | undefined): T {
  if (found === undefined) throw new Refusal("What it computes changes with the number of examples.");
  return found;
}

/** What a tensor is that no kernel made and nobody fed. */
function givenSource(runs: readonly [Run, Run, Run], tensors: readonly [TracedTensor, TracedTensor, TracedTensor]): ValueSource {
  const [first, larger, reseeded] = runs.map((run, i) => partner(run.given.get((tensors[i] as TracedTensor).data))) as [Given, Given, Given];
  const node = first.label;
  if (!sameNumbers(first.values, reseeded.values)) {
    const drawn = [first, larger, reseeded].flatMap(({ values }) => Array.from(values));
    return { kind: "draw", node, distribution: drawn.every((value) => value >= 0 && value < 1) ? "uniform" : "normal" };
  }
  if (sameNumbers(first.values, larger.values)) return { kind: "constant", values: first.values };
  const value = first.values[0] ?? 0;
  const isFill = [first, larger].every(({ values }) => Array.from(values).every((other) => Object.is(other, value)));
  if (isFill) return { kind: "fill", value };
  throw new Refusal("It computes with a table that changes with the number of examples.", node);
}

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
};

function joinAttrs(a: TracedCall, b: TracedCall): Record<string, unknown> {
  const join = (x: unknown, y: unknown): unknown => {
    if (typeof x === "number" && typeof y === "number") return Object.is(x, y) ? x : extentOf(x, y);
    if (Array.isArray(x) && Array.isArray(y) && x.length === y.length) return x.map((item, i) => join(item, y[i]));
    if (x === y) return x;
    throw new Refusal(`Its ${a.kernel} changes with the number of examples.`, a.label);
  };
  return Object.fromEntries(Object.entries(a.attrs).map(([name, value]) => [name, join(value, b.attrs[name])]));
}
