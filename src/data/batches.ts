import type { SplitData } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";

/** What decides which examples each training step sees. */
export interface Order {
  /** Examples there are. */
  readonly count: number;
  /** Examples a step. */
  readonly batch: number;
  readonly seed: number;
}

/** Which examples each training step sees. */
export interface Batches {
  /** Steps in an epoch; the examples left over when the count is no multiple of the batch sit that epoch out. */
  readonly stepsPerEpoch: number;
  /** Examples in every batch: the one asked for, or all there are if those are fewer. */
  readonly batch: number;
  /** Indices of the examples of a step, counted from 0. Depends on seed and step alone, so a resumed run goes on as it would have. */
  indices(step: number): Int32Array;
}

/**
 * Goes through the examples in another random order each epoch.
 * @throws Error if there are none
 */
export function createBatches({ count, batch, seed }: Order): Batches {
  if (count === 0) throw new Error("There are no examples to make batches of.");
  const size = Math.max(1, Math.min(batch, count));
  const stepsPerEpoch = Math.floor(count / size);
  // The order of one epoch is kept: steps follow each other nearly always.
  let known = { epoch: -1, order: new Int32Array() };
  return {
    stepsPerEpoch,
    batch: size,
    indices(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (epoch !== known.epoch) known = { epoch, order: Int32Array.from(rng(seed, "batches", epoch).permutation(count)) };
      const start = (step - epoch * stepsPerEpoch) * size;
      return known.order.slice(start, start + size);
    },
  };
}

type Values = Float32Array | Int32Array;

/** The values of a port. @throws Error if the split has no such port */
function valuesOf(split: SplitData, port: string): Values {
  const values = split.ports[port];
  if (values === undefined) throw new Error(`The data set has no port "${port}"; it has ${Object.keys(split.ports).join(", ")}.`);
  return values;
}

/**
 * The values of a port for the given examples, one after the other, in a new array of the port's own kind.
 * @param elements numbers per example (`elementsPerExample` of the port's type)
 * @throws Error if the split has no such port
 */
export function gather(split: SplitData, port: string, elements: number, indices: Int32Array): Values {
  const values = valuesOf(split, port);
  const size = indices.length * elements;
  return gatherInto(values instanceof Float32Array ? new Float32Array(size) : new Int32Array(size), values, elements, indices);
}

/** Writes the values of the given examples one after the other into `out`, `elements` numbers each; gives `out` back. */
export function gatherInto<T extends Values>(out: T, values: Values, elements: number, indices: Int32Array): T {
  if (elements === 1) {
    for (let row = 0; row < indices.length; row++) out[row] = values[indices[row] as number] as number;
    return out;
  }
  for (let row = 0, to = 0; row < indices.length; row++, to += elements) {
    const from = (indices[row] as number) * elements;
    out.set(values.subarray(from, from + elements), to);
  }
  return out;
}

/**
 * The values of a port for `count` examples from the one numbered `from`: the data set's own memory, not to be written to.
 * @throws Error if the split has no such port
 */
export const consecutive = (split: SplitData, port: string, elements: number, from: number, count: number): Values =>
  valuesOf(split, port).subarray(from * elements, (from + count) * elements);
