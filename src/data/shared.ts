import type { SplitData } from "../tensor/dataset.ts";

type Values = Float32Array | Int32Array;

/** True for numbers that other threads can be given without a copy. */
export const isShared = (values: Values): boolean => typeof SharedArrayBuffer === "function" && values.buffer instanceof SharedArrayBuffer;

/**
 * The same examples in memory that all threads share, so that one thread can prepare batches for another. Pages that are not
 * cross-origin isolated have no such memory: there the examples stay where they are.
 */
export const share = ({ count, ports }: SplitData): SplitData => ({
  count,
  ports: Object.fromEntries(Object.entries(ports).map(([port, values]) => [port, shareValues(values)])),
});

function shareValues(values: Values): Values {
  if (typeof SharedArrayBuffer !== "function" || isShared(values)) return values;
  const memory = new SharedArrayBuffer(values.byteLength);
  const shared = values instanceof Float32Array ? new Float32Array(memory) : new Int32Array(memory);
  shared.set(values);
  return shared;
}
