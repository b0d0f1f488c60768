import * as tf from "@tensorflow/tfjs-core";
import type { KernelCall, Recording, Use } from "./recording.ts";

/** A recording made ready to be repeated. */
export interface Replay {
  /** True if the value is read at all: fresh inputs that are not need not be made. */
  reads(value: number): boolean;
  /**
   * Repeats the calls.
   * @param inputs the data of every declared value that is read. Data of fresh values is taken over; other data is only read
   * @returns one new tensor for each output; the caller's own, kept from any tidy
   * @throws whatever a kernel throws; then everything made here is disposed of
   */
  run(inputs: ReadonlyMap<number, tf.DataId>): tf.Tensor[];
  dispose(): void;
}

/** A call with its inputs laid out for good: only the data in them changes from run to run. */
interface Prepared {
  readonly call: KernelCall;
  readonly infos: readonly { readonly info: tf.TensorInfo; readonly value: number }[];
  readonly inputs: tf.NamedTensorInfoMap;
  /** Values that nothing reads afterwards. */
  readonly release: readonly number[];
}

/**
 * Makes a recording repeatable. Calls whose results nothing needs are left out; calls on constants alone are made now, once.
 * @param outputs what a run is to give
 * @param fresh declared values whose data a run takes over
 */
export function createReplay(recording: Recording, outputs: readonly Use[], fresh: ReadonlySet<number>): Replay {
  const backend = tf.backend();
  const live = liveCalls(recording.calls, outputs);
  const constants = new Map([...recording.constants].map(([value, tensor]) => [value, tf.keep(tf.clone(tensor))] as const));
  const calls = live.filter((call) => !foldConstants(call, constants));
  const held = new Set([...constants.keys(), ...outputs.map(({ value }) => value)]);
  const computed = new Set([...fresh, ...calls.flatMap((call) => call.outputs)]);
  const readValues = new Set([
    ...calls.flatMap(({ inputs }) => inputs.flatMap(([, use]) => (use ? [use.value] : []))),
    ...outputs.map(({ value }) => value),
  ]);

  const prepared: Prepared[] = [];
  const seen = new Set(held);
  for (const call of calls.toReversed()) {
    const values = [...call.inputs.flatMap(([, use]) => (use ? [use.value] : [])), ...call.outputs];
    const release = [...new Set(values)].filter((value) => computed.has(value) && !seen.has(value));
    for (const value of release) seen.add(value);
    prepared.unshift(prepare(call, release));
  }
  const constantData = [...constants].map(([value, { dataId }]) => [value, dataId] as const);

  return {
    reads: (value) => readValues.has(value),
    run(inputs) {
      const data = new Array<tf.DataId | undefined>(recording.size);
      for (const [value, dataId] of constantData) data[value] = dataId;
      for (const [value, dataId] of inputs) data[value] = dataId;
      const owned = new Set<number>([...fresh].filter((value) => inputs.has(value)));
      try {
        for (const { call, infos, inputs: given, release } of prepared) {
          for (const { info, value } of infos) info.dataId = data[value] as tf.DataId;
          const produced = call.kernel({ inputs: given, attrs: call.attrs as tf.NamedAttrMap, backend });
          if (Array.isArray(produced)) {
            for (let i = 0; i < produced.length; i++) own(call.outputs[i] as number, (produced[i] as tf.TensorInfo).dataId);
          } else own(call.outputs[0] as number, produced.dataId);
          for (const value of release) {
            backend.disposeData(data[value] as tf.DataId);
            owned.delete(value);
          }
        }
        return outputs.map(({ value, shape, dtype }) => {
          const dataId = data[value] as tf.DataId;
          // The first tensor on this data takes it over; others, and those on the caller's own data, share it.
          if (!owned.delete(value)) backend.incRef(dataId);
          return tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
        });
      } finally {
        for (const value of owned) backend.disposeData(data[value] as tf.DataId);
      }
      function own(value: number, dataId: tf.DataId): void {
        data[value] = dataId;
        owned.add(value);
      }
    },
    dispose: () => tf.dispose([...constants.values()]),
  };
}

/** The calls that the outputs depend on. */
function liveCalls(calls: readonly KernelCall[], outputs: readonly Use[]): KernelCall[] {
  const wanted = new Set(outputs.map(({ value }) => value));
  const live: KernelCall[] = [];
  for (const call of calls.toReversed()) {
    if (!call.outputs.some((value) => wanted.has(value))) continue;
    for (const [, use] of call.inputs) if (use) wanted.add(use.value);
    live.unshift(call);
  }
  return live;
}

/** Makes a call now if all its inputs are constants, and counts its results among them. */
function foldConstants(call: KernelCall, constants: Map<number, tf.Tensor>): boolean {
  if (!call.inputs.every(([, use]) => use === undefined || constants.has(use.value))) return false;
  const { infos, inputs } = prepare(call, []);
  for (const { info, value } of infos) info.dataId = (constants.get(value) as tf.Tensor).dataId;
  const produced = call.kernel({ inputs, attrs: call.attrs as tf.NamedAttrMap, backend: tf.backend() });
  for (const [i, info] of [produced].flat().entries()) constants.set(call.outputs[i] as number, tf.keep(tf.engine().makeTensorFromTensorInfo(info)));
  return true;
}

function prepare(call: KernelCall, release: readonly number[]): Prepared {
  const infos: { info: tf.TensorInfo; value: number }[] = [];
  const entries = call.inputs.map(([key, use]): [string, tf.TensorInfo | undefined] => {
    if (use === undefined) return [key, undefined];
    const info = { dataId: {}, shape: use.shape, dtype: use.dtype };
    infos.push({ info, value: use.value });
    return [key, info];
  });
  const inputs = call.list
    ? Object.assign(
        [],
        entries.map(([, info]) => info),
      )
    : Object.fromEntries(entries);
  return { call, infos, inputs: inputs as tf.NamedTensorInfoMap, release };
}
