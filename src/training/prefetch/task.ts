import { createBatches, gatherInto, type Order } from "../../data/batches.ts";
import type { Taking } from "../../graph/stages.ts";
import { turnAt } from "../turns.ts";
import { fillRing, type RingMemory } from "./ring.ts";

/** All that another thread needs to prepare a run's batches: plain data over shared memory, to be sent as a message. */
export interface BatchTask {
  readonly ring: RingMemory;
  /** Steps in the whole run. */
  readonly steps: number;
  readonly orders: readonly Order[];
  /** Phases take turns, as in training; each takes pieces of its own. */
  readonly phases: readonly (Taking & { readonly pieces: readonly BatchPiece[] })[];
}

/** One port of a batch: where its examples come from, and where they lie in a slot. */
export interface BatchPiece {
  /** All training examples, in shared memory. */
  readonly values: Float32Array | Int32Array;
  /** Numbers an example. */
  readonly elements: number;
  /** Index of the order in which examples are drawn. */
  readonly order: number;
  /** Bytes from the slot's beginning. */
  readonly offset: number;
}

/**
 * Starts a thread that calls `prepareBatches` with the task; gives back how to end it. A thread that fails costs time and nothing
 * else: the batches that it does not bring are gathered where they are needed.
 * @param died called if the thread ends by itself, with why if that is known; not after it was ended from here
 */
export type StartBatchThread = (task: BatchTask, died: (reason: string | undefined) => void) => () => void;

/** Prepares batches until the ring is closed. It blocks its thread: call it in one that has nothing else to do. */
export function prepareBatches({ ring, steps, orders, phases }: BatchTask): void {
  const batches = orders.map(createBatches);
  fillRing(ring, steps, (step, slot) => {
    const drawn = new Map<number, Int32Array>();
    for (const { values, elements, order, offset } of phases[turnAt(phases, step).phase]?.pieces ?? []) {
      const rows = drawn.get(order) ?? batches[order]?.indices(step) ?? new Int32Array();
      drawn.set(order, rows);
      const size = rows.length * elements;
      const out =
        values instanceof Float32Array ? new Float32Array(ring.slots, slot + offset, size) : new Int32Array(ring.slots, slot + offset, size);
      gatherInto(out, values, elements, rows);
    }
  });
}
