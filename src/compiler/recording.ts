import * as tf from "@tensorflow/tfjs-core";

/**
 * A run of tfjs operations written down as the kernels that it called. A training step calls the same kernels in the same
 * order every time; with the list at hand the next step needs no tape, no scopes, no tensor objects, none of the copies
 * that a tape keeps, and none of the results that nobody uses.
 */

/** A place in a recording where some tensor's data stands; tensors that share data (reshaped, cloned) share it. */
export interface Use {
  readonly value: number;
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

export interface KernelCall {
  readonly name: string;
  readonly kernel: tf.KernelFunc;
  readonly attrs: tf.NamedAttrMap | undefined;
  /** By the kernel's own names; undefined where an optional input is left out. */
  readonly inputs: readonly (readonly [string, Use | undefined])[];
  /** The kernel takes its inputs as a list. */
  readonly list: boolean;
  readonly outputs: readonly number[];
  /** What the outputs are, in their order. */
  readonly types: readonly { readonly shape: number[]; readonly dtype: tf.DataType }[];
}

export interface Recording {
  /** All kernel calls but those that gave only their inputs' own numbers back. */
  readonly calls: readonly KernelCall[];
  /** Number of values. */
  readonly size: number;
  /** Tensors that were made in the run without a kernel, and not declared: numbers in the code. They belong to the recording. */
  readonly constants: ReadonlyMap<number, tf.Tensor>;
  /** The constants' numbers, where they could be read at once: a graphics card gives them back only later. */
  readonly numbers: ReadonlyMap<number, tf.BackendValues>;
  /** Where a tensor's data stands; undefined if no kernel has seen it. Ask before the tensor is disposed of. */
  find(tensor: tf.Tensor): Use | undefined;
  dispose(): void;
}

export interface Recorder {
  /** Says that a tensor's data will be another one next time. @throws Error if its data is known by another name already */
  declare(tensor: tf.Tensor): Use;
  /** Number of values so far: what is made from now on has this number or a larger one. */
  readonly size: number;
}

/** Runs something and writes down the kernels that it calls on the present backend. */
export function record<T>(run: (recorder: Recorder) => T): { readonly result: T; readonly recording: Recording } {
  const backend = tf.backend();
  const values = new Map<tf.DataId, number>();
  const constants = new Map<number, tf.Tensor>();
  const numbers = new Map<number, tf.BackendValues>();
  const calls: KernelCall[] = [];
  let size = 0;
  const find = ({ dataId, shape, dtype }: tf.TensorInfo): Use | undefined => {
    const value = values.get(dataId);
    return value === undefined ? undefined : { value, shape: [...shape], dtype };
  };
  const add = (info: tf.TensorInfo): Use => {
    const value = size++;
    values.set(info.dataId, value);
    return { value, shape: [...info.shape], dtype: info.dtype };
  };
  const constant = (info: tf.TensorInfo): Use => {
    const use = add(info);
    const read = readNow(backend, info.dataId);
    if (read !== undefined) numbers.set(use.value, read);
    backend.incRef(info.dataId);
    constants.set(use.value, tf.keep(tf.engine().makeTensorFromTensorInfo(info)));
    return use;
  };
  const dispose = () => tf.dispose([...constants.values()]);

  const configs = tf.getKernelsForBackend(tf.getBackend());
  const originals = configs.map(({ kernelFunc }) => kernelFunc);
  let depth = 0;
  for (const [i, config] of configs.entries()) {
    const kernel = originals[i] as tf.KernelFunc;
    config.kernelFunc = (params) => {
      // Kernels may call kernels; only what the engine asked for counts.
      if (depth > 0) return kernel(params);
      depth++;
      try {
        const given = Object.entries<tf.TensorInfo | undefined>(params.inputs);
        const inputs = given.map(([key, info]) => [key, info ? (find(info) ?? constant(info)) : undefined] as const);
        const produced = kernel(params);
        const results = Array.isArray(produced) ? produced : [produced];
        const [copied] = inputs;
        if (copiesOnly(config.kernelName, params, results[0]) && copied?.[1] && results[0]) values.set(results[0].dataId, copied[1].value);
        else if (results.some(({ dataId }) => !values.has(dataId))) {
          const outputs = results.map((info) => (find(info) ?? add(info)).value);
          const types = results.map(({ shape, dtype }) => ({ shape: [...shape], dtype }));
          calls.push({ name: config.kernelName, kernel, attrs: params.attrs, inputs, list: Array.isArray(params.inputs), outputs, types });
        }
        return produced;
      } finally {
        depth--;
      }
    };
  }
  const declare = (tensor: tf.Tensor): Use => {
    if (values.has(tensor.dataId)) throw new Error("Two tensors that are to change share their data.");
    return add(tensor);
  };
  try {
    const result = run({
      declare,
      get size() {
        return size;
      },
    });
    return {
      result,
      recording: {
        calls,
        get size() {
          return size;
        },
        constants,
        numbers,
        find,
        dispose,
      },
    };
  } catch (thrown) {
    dispose();
    throw thrown;
  } finally {
    for (const [i, config] of configs.entries()) config.kernelFunc = originals[i] as tf.KernelFunc;
  }
}

/** Some backends copy the numbers where others share them; no kernel writes into its inputs, so sharing is as good. */
const copiesOnly = (name: string, { inputs, attrs }: Parameters<tf.KernelFunc>[0], result: tf.TensorInfo | undefined): boolean =>
  name === "Identity" ||
  name === "Reshape" ||
  (name === "Cast" && inputs.x?.dtype === attrs?.dtype) ||
  (name === "Slice" && result !== undefined && tf.util.sizeFromShape(inputs.x?.shape ?? []) === tf.util.sizeFromShape(result.shape));

/** True if two runs called the same kernels with the same attributes on the same values: then a third will, too. */
export function sameRecording(a: Recording, b: Recording): boolean {
  return (
    a.calls.length === b.calls.length &&
    a.size === b.size &&
    a.constants.size === b.constants.size &&
    a.calls.every((call, i) => sameCall(call, b.calls[i] as KernelCall)) &&
    [...a.constants.keys()].every((value) => sameConstant(a, b, value))
  );
}

/**
 * A recording made on the backend of shapes as one of the backend in use: with its kernels, and with the numbers of constants there.
 */
export function transfer(recording: Recording): Recording {
  const name = tf.getBackend();
  const kernels = new Map(tf.getKernelsForBackend(name).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
  const calls = recording.calls.map((call) => ({ ...call, kernel: kernels.get(call.name) as tf.KernelFunc }));
  const missing = calls.find(({ kernel }) => kernel === undefined);
  if (missing) throw new Error(`The backend ${name} has no kernel ${missing.name}.`);
  const constants = new Map(
    [...recording.constants].map(([value, { shape, dtype }]) => {
      const numbers = recording.numbers.get(value) as tf.TypedArray;
      return [value, tf.keep(tf.tensor(numbers, shape, dtype))] as const;
    }),
  );
  return {
    calls,
    size: recording.size,
    constants,
    numbers: recording.numbers,
    find: () => undefined,
    dispose: () => tf.dispose([...constants.values()]),
  };
}

const sameCall = (a: KernelCall, b: KernelCall): boolean =>
  a.name === b.name && a.list === b.list && same(a.outputs, b.outputs) && same(a.inputs, b.inputs) && same(a.attrs, b.attrs);

function sameConstant(a: Recording, b: Recording, value: number): boolean {
  const [one, other] = [a.constants.get(value), b.constants.get(value)];
  if (!one || !other || one.dtype !== other.dtype || !same(one.shape, other.shape)) return false;
  if (one.dataId === other.dataId) return true;
  const [left, right] = [a.numbers.get(value), b.numbers.get(value)];
  return left !== undefined && right !== undefined && left.length === right.length && left.every((number, i) => same(number, right[i]));
}

/** Numbers that have not gone to the device yet, or that it gives back at once. */
function readNow(backend: tf.KernelBackend, dataId: tf.DataId): tf.BackendValues | undefined {
  try {
    return backend.readSync(dataId);
  } catch {
    return undefined;
  }
}

/** Equal in depth, NaN equal to itself. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
}
