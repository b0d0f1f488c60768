import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../backends/kernels/backend.ts";
import type { Buffer } from "../../backends/kernels/emit.ts";
import type { KernelCall, Recording, Use } from "../recording.ts";
import type { Replay } from "../replay.ts";
import { kernelInputs } from "./graph.ts";
import { type ProgramWish, planProgram } from "./plan.ts";
import { createRows } from "./rows.ts";

/**
 * A recording compiled for our `wasm` backend: one row of commands over memory that was laid out beforehand. A run fills in
 * what has moved, hands the row to the kernels, and makes tensors of the outputs.
 *
 * Ownership: the program owns its memory and constants until it is disposed of. An output that may lie over its input (a weight
 * over its old self) does so when nobody else holds that input, and else gets memory of its own.
 */
export interface CompiledProgram extends Replay {
  /** Bytes of memory that the program keeps. */
  readonly bytes: number;
  readonly operations: number;
}

export function createProgram(backend: WasmBackend, recording: Recording, wish: ProgramWish): CompiledProgram {
  const plan = planProgram(recording, wish, tf.getKernel("Add", "wasm").kernelFunc);
  const { folded, outputs, fed, held, results, layout, operations, buffers } = plan;
  const constants = new Map([...recording.constants].map(([value, tensor]) => [value, tf.keep(tf.clone(tensor))] as const));
  for (const call of folded) fold(call, constants, backend);
  const read = new Set([...fed, ...held, ...outputs].map(({ value }) => value));
  for (const [value, tensor] of constants) {
    if (read.has(value)) continue;
    tensor.dispose();
    constants.delete(value);
  }
  const bufferOf = (value: number): Buffer => buffers.get(value) as Buffer;
  const memory = backend.machine.heap.allocate(layout.bytes);
  const rows = createRows(backend, operations);
  for (const [buffer, offset] of layout.offsets) rows.moveTo(buffer, memory + offset);

  /** Inputs of which a run must know where they are, and where outputs go. */
  const heldValue = new Map(held.map(({ value }) => [bufferOf(value), value] as const));
  const resultList = [...results].map((buffer) => {
    const { value, shape, dtype } = outputs.find((use) => bufferOf(use.value) === buffer) as Use;
    const under = layout.over.get(buffer);
    return { buffer, value, shape, dtype, under: under && heldValue.get(under) };
  });
  const fixed = held.flatMap(({ value, shape, dtype }) => {
    const tensor = constants.get(value);
    return tensor ? [{ value, info: { dataId: tensor.dataId, shape, dtype } }] : [];
  });
  for (const { value, info } of fixed) rows.moveTo(bufferOf(value), backend.addressOf(info));
  const moving = held.filter(({ value }) => !constants.has(value));

  return {
    bytes: layout.bytes,
    operations: operations.length,
    reads: (value) => read.has(value),
    run(inputs) {
      const dataOf = (value: number): object => (constants.get(value)?.dataId ?? inputs.get(value)) as object;
      const made: tf.TensorInfo[] = [];
      try {
        for (const { value, shape, dtype } of fed)
          backend.copyTo(memory + (layout.offsets.get(bufferOf(value)) ?? 0), { dataId: dataOf(value), shape, dtype });
        for (const { value, shape, dtype } of moving) rows.moveTo(bufferOf(value), backend.addressOf({ dataId: dataOf(value), shape, dtype }));
        const placed = new Map<Buffer, object>();
        for (const { buffer, shape, dtype, under } of resultList) {
          const old = under === undefined ? undefined : inputs.get(under);
          let dataId: object;
          if (old !== undefined && backend.refCount(old) === 1) {
            backend.incRef(old);
            dataId = old;
          } else dataId = backend.allocate(shape, dtype).dataId;
          made.push({ dataId, shape, dtype });
          placed.set(buffer, dataId);
          rows.moveTo(buffer, backend.addressOf({ dataId, shape, dtype }));
        }
        rows.run();
        const taken = new Set<object>();
        return outputs.map(({ value, shape, dtype }) => {
          const dataId = placed.get(bufferOf(value));
          if (dataId === undefined) return passedOn(backend, { dataId: dataOf(value), shape, dtype });
          if (taken.has(dataId)) backend.incRef(dataId);
          taken.add(dataId);
          return tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
        });
      } catch (thrown) {
        for (const { dataId } of made) backend.disposeData(dataId);
        throw thrown;
      } finally {
        for (const { value } of fed) backend.disposeData(dataOf(value));
      }
    },
    dispose() {
      rows.dispose();
      backend.machine.heap.free(memory);
      tf.dispose([...constants.values()]);
    },
  };
}

/** Makes a call on constants, and counts its results among them. */
function fold(call: KernelCall, constants: Map<number, tf.Tensor>, backend: WasmBackend): void {
  const inputs = kernelInputs(call, ({ value }) => (constants.get(value) as tf.Tensor).dataId);
  const produced = [call.kernel({ inputs, attrs: call.attrs ?? {}, backend })].flat();
  for (const [i, info] of produced.entries()) constants.set(call.outputs[i] as number, tf.keep(tf.engine().makeTensorFromTensorInfo(info)));
}

/** An input given out as an output: one more tensor on the same data. */
function passedOn(backend: WasmBackend, info: tf.TensorInfo): tf.Tensor {
  backend.incRef(info.dataId);
  return tf.keep(tf.engine().makeTensorFromTensorInfo(info));
}
