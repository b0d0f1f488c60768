import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelCall, Use } from "../recording.ts";

/**
 * A recording as a graph of kernel calls, made smaller before it is lowered: what nothing needs goes, what is computed
 * twice is computed once, and what depends on constants alone is left to be computed once and for all.
 */

/** The calls that the outputs depend on, in order. */
export function liveCalls(calls: readonly KernelCall[], outputs: readonly Use[]): KernelCall[] {
  const wanted = new Set(outputs.map(({ value }) => value));
  const live: KernelCall[] = [];
  for (const call of calls.toReversed()) {
    if (!call.outputs.some((value) => wanted.has(value))) continue;
    for (const [, use] of call.inputs) if (use) wanted.add(use.value);
    live.push(call);
  }
  return live.reverse();
}

/** Kernels that draw numbers of their own: two calls are never the same. */
const drawing: ReadonlySet<string> = new Set(["Multinomial"]);

/**
 * Common sub-expressions: of calls with one kernel, equal attributes and the same inputs only the first stays, and the others'
 * readers read its results.
 * @returns the calls left, and the outputs under their new values
 */
export function shareCalls(calls: readonly KernelCall[], outputs: readonly Use[]): { readonly calls: KernelCall[]; readonly outputs: Use[] } {
  const instead = new Map<number, number>();
  const known = new Map<string, KernelCall>();
  const renamed = (use: Use): Use => {
    const value = instead.get(use.value);
    return value === undefined ? use : { ...use, value };
  };
  const left: KernelCall[] = [];
  for (const call of calls) {
    const inputs = call.inputs.map(([key, use]) => [key, use && renamed(use)] as const);
    const key = JSON.stringify([call.name, call.attrs, inputs], exactly);
    const first = drawing.has(call.name) ? undefined : known.get(key);
    if (first === undefined) {
      known.set(key, call);
      left.push({ ...call, inputs });
    } else for (const [i, value] of call.outputs.entries()) instead.set(value, first.outputs[i] as number);
  }
  return { calls: left, outputs: outputs.map(renamed) };
}

/** Numbers that JSON does not know apart. */
const exactly = (_: string, value: unknown): unknown =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? `number ${Object.is(value, -0) ? "-0" : value}` : value;

/**
 * Where ReLU's gradient asks which of its inputs were positive, its outputs say the same: the inputs need not be kept
 * (`Step` of x is `Step` of ReLU(x), but for the value at NaN).
 */
export function readOutputsOfRelu(calls: readonly KernelCall[]): KernelCall[] {
  const rectified = new Map<number, number>();
  for (const { name, inputs, outputs } of calls) {
    const x = inputs[0]?.[1];
    if (name === "Relu" && x && outputs[0] !== undefined) rectified.set(x.value, outputs[0]);
  }
  return calls.map((call) => {
    const use = call.name === "Step" ? call.inputs[0]?.[1] : undefined;
    const value = use && rectified.get(use.value);
    return use && value !== undefined ? { ...call, inputs: [["x", { ...use, value }] as const] } : call;
  });
}

/** Products and convolutions that can apply an activation to what they are about to store. */
const producers: ReadonlySet<string> = new Set(["_FusedMatMul", "FusedConv2D", "FusedDepthwiseConv2D"]);

/** ReLU becomes part of the product before it, where nobody else reads what that gives: one pass through memory less. */
export function absorbRelu(calls: readonly KernelCall[], outputs: readonly Use[]): KernelCall[] {
  const readers = countReaders(calls, outputs);
  const made = new Map(calls.map((call) => [call.outputs[0], call] as const));
  const gone = new Set<KernelCall>();
  const instead = new Map<KernelCall, KernelCall>();
  for (const call of calls) {
    const x = call.name === "Relu" ? call.inputs[0]?.[1] : undefined;
    const before = x && made.get(x.value);
    if (!before || !producers.has(before.name) || readers.get(x.value) !== 1 || (before.attrs?.activation ?? "linear") !== "linear") continue;
    instead.set(before, { ...before, attrs: { ...before.attrs, activation: "relu" }, outputs: call.outputs, types: before.types });
    gone.add(call);
  }
  return calls.flatMap((call) => (gone.has(call) ? [] : [instead.get(call) ?? call]));
}

/** Sums of many tensors as sums of two, which join the elementwise calls around them. @param add the kernel `Add` */
export function splitSums(calls: readonly KernelCall[], add: KernelCall["kernel"], size: number): KernelCall[] {
  let next = size;
  return calls.flatMap((call) => {
    if (call.name !== "AddN" || call.inputs.length < 2) return [call];
    const uses = call.inputs.flatMap(([, use]) => (use ? [use] : []));
    let sum = uses[0] as Use;
    return uses.slice(1).map((use, i): KernelCall => {
      const value = i + 2 === uses.length ? (call.outputs[0] as number) : next++;
      const inputs = [["a", sum] as const, ["b", use] as const];
      sum = { ...use, value };
      return { name: "Add", kernel: add, attrs: undefined, inputs, list: false, outputs: [value], types: call.types };
    });
  });
}

/** How often each value is read, by calls and as an output. */
export function countReaders(calls: readonly KernelCall[], outputs: readonly Use[]): Map<number, number> {
  const readers = new Map<number, number>();
  const count = ({ value }: Use) => readers.set(value, (readers.get(value) ?? 0) + 1);
  for (const { inputs } of calls) for (const [, use] of inputs) if (use) count(use);
  for (const use of outputs) count(use);
  return readers;
}

/** The inputs of a call as a kernel takes them. @param dataOf the data of a value */
export function kernelInputs(call: KernelCall, dataOf: (use: Use) => object): Parameters<KernelCall["kernel"]>[0]["inputs"] {
  const entries = call.inputs.map(([key, use]): [string, TensorInfo | undefined] => [
    key,
    use && { dataId: dataOf(use), shape: use.shape, dtype: use.dtype },
  ]);
  const inputs = call.list
    ? Object.assign(
        [] as (TensorInfo | undefined)[],
        entries.map(([, info]) => info),
      )
    : Object.fromEntries(entries);
  return inputs as Parameters<KernelCall["kernel"]>[0]["inputs"];
}
