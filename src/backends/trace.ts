import * as tf from "@tensorflow/tfjs-core";
import { convRules } from "./shapes/conv.ts";
import type { Outline } from "./shapes/rule.ts";
import { shapeRules } from "./shapes/rules.ts";

/**
 * A tfjs backend that writes down what is computed: every kernel with its inputs, attributes and outputs. An export
 * translates the record; a preflight looks up whether another backend has the kernels. Numbers are computed by tfjs's
 * own JavaScript, but for products, convolutions and pooling, which would take long and of which only the shape matters.
 */

export type TracedType = "float32" | "int32" | "bool";

/** A tensor in a record. Two mean the same tensor when `data`, `shape` and `dtype` are equal: a reshaped tensor shares its data. */
export interface TracedTensor {
  readonly data: object;
  readonly shape: readonly number[];
  readonly dtype: TracedType;
}

export interface TracedCall {
  /** tfjs's name: `"FusedConv2D"`. */
  readonly kernel: string;
  /** By name; kernels that take a list number them "0", "1", … */
  readonly inputs: Readonly<Record<string, TracedTensor>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TracedTensor[];
  /** The label that the traced function had set. */
  readonly label: string;
}

/** A tensor that was put in from outside. */
export interface Given {
  /** Not to be changed. */
  readonly values: ArrayLike<number>;
  /** The label under which it was put in. */
  readonly label: string;
}

export interface Trace<R> {
  readonly calls: readonly TracedCall[];
  /** Tensors that no kernel made, by their data. */
  readonly given: ReadonlyMap<object, Given>;
  readonly result: R;
}

/** What a traced function may use. */
export interface Tracing {
  /** Names, in the record, what is computed from here on. */
  label(name: string): void;
  /** How the record calls a tensor. */
  refer(tensor: tf.Tensor): TracedTensor;
}

/** Records one synchronous function after the other. */
export interface Tracer {
  /**
   * Runs the function on the tracing backend and gives back the one before. All tensors that it makes are disposed of
   * after it, so its result must be plain data; tensors of other backends must not be used in it.
   * @param callsOnly only the calls matter: of most other kernels, too, the results are zeros of the right shape
   * @throws what the function throws
   */
  trace<R>(run: (tracing: Tracing) => R, callsOnly?: boolean): Trace<R>;
}

const backendName = "netloom-trace";

interface Recording {
  readonly calls: TracedCall[];
  readonly made: Set<object>;
  readonly given: Map<object, Given>;
  readonly callsOnly: boolean;
  label: string;
}
let recording: Recording | undefined;
/** Labels under which data came into being. */
const origins = new WeakMap<object, string>();
let tracer: Promise<Tracer> | undefined;

/** The tracer; loads tfjs's JavaScript backend on the first call. */
export function loadTracer(): Promise<Tracer> {
  tracer ??= createTracer();
  return tracer;
}

async function createTracer(): Promise<Tracer> {
  const { MathBackendCPU } = await import("@tensorflow/tfjs-backend-cpu");
  // Of the lowest priority, so that tfjs never picks it by itself.
  tf.registerBackend(
    backendName,
    () => {
      const backend = new MathBackendCPU();
      const write = backend.write.bind(backend);
      return Object.assign(backend, {
        // It would advise the person at the terminal to install another package.
        firstUse: false,
        write(...data: Parameters<typeof write>) {
          const id = write(...data);
          origins.set(id, recording?.label ?? "");
          return id;
        },
      });
    },
    -1,
  );
  for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel(recorded(kernel));
  return { trace };
}

function recorded({ kernelName, kernelFunc }: tf.KernelConfig): tf.KernelConfig {
  return {
    kernelName,
    backendName,
    kernelFunc(params) {
      const { inputs, attrs = {} } = params;
      const backend = params.backend as tf.KernelBackend & {
        makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.TypedArray): tf.TensorInfo;
      };
      const zeros = ({ shape, dtype }: Outline) =>
        backend.makeTensorInfo([...shape], dtype, tf.util.makeZerosTypedArray(tf.util.sizeFromShape([...shape]), dtype as "float32"));
      const rule = (recording?.callsOnly ? shapeRules : convRules)[kernelName];
      const outlines = rule?.(inputs as Readonly<Record<string, tf.TensorInfo>>, attrs);
      // What only passes numbers on costs nothing as it is.
      const computes = outlines === undefined || [outlines].flat().some(({ as }) => as !== undefined);
      const result = computes ? kernelFunc(params) : "shape" in outlines ? zeros(outlines) : outlines.map(zeros);
      if (recording !== undefined) record(recording, kernelName, inputs, attrs, [result].flat(), backend);
      return result;
    },
  };
}

function record(
  into: Recording,
  kernel: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: object,
  outputs: tf.TensorInfo[],
  backend: tf.KernelBackend,
): void {
  const named: [string, TracedTensor][] = [];
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor === undefined || tensor === null) continue;
    named.push([name, referGiven(into, tensor, backend)]);
  }
  for (const { dataId } of outputs) if (!into.given.has(dataId)) into.made.add(dataId);
  into.calls.push({ kernel, inputs: Object.fromEntries(named), attrs: { ...attrs }, outputs: outputs.map(refer), label: into.label });
}

/** Refers to a tensor, and keeps the numbers of one that no kernel made. */
function referGiven(into: Recording, tensor: tf.TensorInfo, backend: tf.KernelBackend = tf.engine().backend): TracedTensor {
  if (!into.made.has(tensor.dataId))
    into.given.set(tensor.dataId, { values: backend.readSync(tensor.dataId) as tf.TypedArray, label: origins.get(tensor.dataId) ?? "" });
  return refer(tensor);
}

function refer({ dataId, shape, dtype }: tf.TensorInfo): TracedTensor {
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") throw new Error(`Tensors of type ${dtype} are not traced.`);
  return { data: dataId, shape: [...shape], dtype };
}

function trace<R>(run: (tracing: Tracing) => R, callsOnly = false): Trace<R> {
  if (recording !== undefined) throw new Error("A trace is being made already.");
  const before = tf.getBackend();
  const own: Recording = { calls: [], made: new Set(), given: new Map(), callsOnly, label: "" };
  // For a backend without asynchronous start `setBackend` has switched when it returns; nothing else can run in between.
  void tf.setBackend(backendName);
  recording = own;
  try {
    let outcome: { readonly result: R } | undefined;
    tf.tidy(() => {
      outcome = { result: run({ label: (name) => void (own.label = name), refer: (tensor) => referGiven(own, tensor) }) };
    });
    if (outcome === undefined) throw new Error("The traced function did not run.");
    return { calls: own.calls, given: own.given, result: outcome.result };
  } finally {
    recording = undefined;
    void tf.setBackend(before || "cpu");
  }
}
