import * as tf from "@tensorflow/tfjs-core";
import { type ReadBundled, trainersOf } from "../gpu/training.ts";
import { openByHand } from "./by-hand/trainer.ts";
import type { Fixture } from "./fixture.ts";
import type { WorkloadName } from "./workloads.ts";

/** Milliseconds a step on the backend in use, round by round in turn. */
export interface Race {
  readonly ours: readonly number[];
  readonly byHand: readonly number[];
}

const rounds = 9;
/** Milliseconds of a round, about; and steps before the first, in which kernels are compiled and steps recorded. */
const length = 500;
const warmUp = 6;

/**
 * A document's steps against the same network by hand in tfjs, on a graphics backend, in Node or a page. A round ends when
 * the device has done all that it was given.
 */
export async function race(name: WorkloadName, text: string, fixture: Fixture, bundled: ReadBundled): Promise<Race> {
  const trainer = (await trainersOf(text, bundled))();
  const rival = openByHand(name, fixture);
  const [one, other] = [() => trainer.trainStep(), () => rival.step()];
  await timed(one, warmUp);
  await timed(other, warmUp);
  const steps = Math.max(2, Math.round(length / (await timed(other, 3))));
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first in a round has the other's warmth: they take turns.
    if (round % 2 === 0) ours.push(await timed(one, steps));
    byHand.push(await timed(other, steps));
    if (round % 2 === 1) ours.push(await timed(one, steps));
  }
  trainer.dispose();
  rival.dispose();
  return { ours, byHand };
}

/** Milliseconds a step of so many, until the last one's numbers are there. */
async function timed(step: () => void, steps: number): Promise<number> {
  await drain();
  const start = performance.now();
  for (let i = 0; i < steps; i++) step();
  await drain();
  return (performance.now() - start) / steps;
}

/** Waits until the device has nothing more to do. The tensor is too large to be squared elsewhere. */
async function drain(): Promise<void> {
  const last = tf.tidy(() => tf.square(tf.ones([2000])));
  await last.data();
  last.dispose();
}
