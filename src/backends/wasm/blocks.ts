import type { TensorInfo, TypedArray } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "./kernel.ts";

/** Moving runs of numbers that lie side by side. */

/** A tensor's numbers, of whatever type, for copying only. See `floats` on when to take it. */
export const anyNumbers = (backend: BackendWasm, x: TensorInfo): TypedArray => backend.typedArrayFromHeap(x) as TypedArray;

/** Below this many numbers a loop is quicker than a call that copies. */
const longRun = 24;

/** Copies `length` numbers. */
export function copyRun(from: TypedArray, source: number, to: TypedArray, target: number, length: number): void {
  if (length >= longRun) {
    to.set(from.subarray(source, source + length), target);
    return;
  }
  for (let i = 0; i < length; i++) to[target + i] = from[source + i] as number;
}
