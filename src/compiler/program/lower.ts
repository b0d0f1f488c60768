import { type Buffer, bytesOf, type Operand } from "../../backends/kernels/emit.ts";
import { fusible } from "../../backends/kernels/fuse.ts";
import { lowerings } from "../../backends/kernels/lowerings.ts";
import type { KernelCall, Use } from "../recording.ts";
import { createGroups } from "./groups.ts";
import { collect, type Operation, script } from "./operation.ts";

export interface Lowered {
  readonly operations: readonly Operation[];
  /** The buffer of every value that is given or computed. Values share one where a kernel only passes its input on. */
  readonly buffers: ReadonlyMap<number, Buffer>;
}

type Inputs = Readonly<Record<string, Operand | undefined>>;

/**
 * Turns kernel calls into operations.
 * @param given the values that a run starts from
 * @param readers how often each value is read, as an output too
 */
export function lower(calls: readonly KernelCall[], given: readonly Use[], outputs: readonly Use[], readers: ReadonlyMap<number, number>): Lowered {
  const operations: Operation[] = [];
  const buffers = new Map<number, Buffer>();
  for (const { value, shape, dtype } of given) buffers.set(value, { bytes: bytesOf(shape, dtype) });
  const groups = createGroups(readers, new Set(outputs.map(({ value }) => value)), (operation) => operations.push(operation));

  const operand = ({ value, shape, dtype }: Use): Operand => {
    const buffer = buffers.get(value);
    if (buffer === undefined) throw new Error("A kernel call reads what nothing has written.");
    return { shape, dtype, buffer };
  };
  const known = (call: KernelCall, inputs: Inputs): readonly Operand[] | undefined => {
    const lowering = lowerings[call.name];
    let results: Operand | readonly Operand[] | undefined;
    const operation = collect((emit) => {
      results = lowering?.(inputs, call.attrs ?? {}, emit);
    });
    if (operation) operations.push(operation);
    return results === undefined || !("buffer" in results) ? results : [results];
  };
  const scripted = (call: KernelCall, inputs: Inputs): readonly Operand[] => {
    const operation = script(
      call,
      Object.values(inputs).flatMap((input) => (input ? [input.buffer] : [])),
    );
    operations.push(operation);
    return operation.outputs;
  };

  for (const call of calls) {
    const uses = call.inputs.flatMap(([, use]) => (use ? [use] : []));
    const inputs = Object.fromEntries(call.inputs.map(([key, use]) => [key, use && operand(use)]));
    const attrs = call.attrs ?? {};
    const elementwise = call.outputs.length === 1 ? fusible(call.name, inputs, attrs) : undefined;
    if (elementwise) {
      const value = call.outputs[0] as number;
      const output = { ...elementwise, buffer: { bytes: bytesOf(elementwise.shape, elementwise.dtype) } };
      buffers.set(value, output.buffer);
      groups.add({ name: call.name, inputs, attrs, output, value, uses });
    } else {
      groups.need(uses.map(({ value }) => value));
      const results = known(call, inputs) ?? scripted(call, inputs);
      for (const [i, value] of call.outputs.entries()) buffers.set(value, (results[i] as Operand).buffer);
    }
  }
  groups.finish();
  return { operations, buffers };
}
