import * as tf from "@tensorflow/tfjs-core";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { loadDataset } from "../../src/data/load.ts";
import { readDocument } from "../../src/document/read.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";

/** Documents in training, in Node and in a page alike. */

export type ReadBundled = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Makes trainers of a document on the backend in use, all on the same data. */
export async function trainersOf(text: string, bundled: ReadBundled, batch?: number): Promise<() => Trainer> {
  const read = readDocument(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { document } = read;
  const checked = checkDocument(document, registry, createInferEnv());
  const planned = trainingPlan(document, checked);
  if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join(" "));
  const { seed, datasets: wanted } = planned.plan;
  const user = (name: string) => Promise.reject(new Error(`"${name}" is a person's file.`));
  const datasets = new Map<string, Dataset>();
  for (const { path, name, validation } of wanted) datasets.set(path, await loadDataset({ name, validation, seed }, { bundled, user }));
  return () => createTrainer({ document, checked, datasets, ...(batch !== undefined && { batch }) });
}

/**
 * Trains a document for some steps, repeating recorded kernels, and beside it step by step as written.
 * @returns one line for each number that differs, and for steps that were not repeated
 */
export async function replayFaults(text: string, bundled: ReadBundled, steps: number, batch?: number): Promise<string[]> {
  const make = await trainersOf(text, bundled, batch);
  const faults: string[] = [];
  const held = tf.engine().backend.numDataIds();
  const repeating = make();
  for (let i = 0; i < steps - 1; i++) repeating.trainStep();
  const { kernels } = await tf.profile(() => {
    repeating.trainStep();
    return [];
  });
  if (kernels.length > 0) faults.push(`step ${steps} went through ${kernels.length} of tfjs's operations`);
  const [found, losses] = [await repeating.checkpoint(), await repeating.readLosses()];
  repeating.dispose();
  let bytes: Uint8Array | undefined;
  let expectedLosses: Readonly<Record<string, number>> = {};
  for (let i = 0; i < steps; i++) {
    // The first step of a trainer is always as written.
    const written = make();
    if (bytes) written.restore(bytes);
    written.trainStep();
    bytes = await written.checkpoint();
    expectedLosses = await written.readLosses();
    written.dispose();
  }
  const expected = decodeCheckpoint(bytes as Uint8Array).weights;
  for (const [name, { data }] of Object.entries(decodeCheckpoint(found).weights)) {
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[name]?.data[i] ?? Number.NaN))), 0);
    if (!(worst < 1e-5)) faults.push(`${name} differs by ${worst}`);
  }
  if (JSON.stringify(losses) !== JSON.stringify(expectedLosses))
    faults.push(`losses ${JSON.stringify(losses)} and ${JSON.stringify(expectedLosses)}`);
  const left = tf.engine().backend.numDataIds() - held;
  if (left !== 0) faults.push(`${left} tensors are left behind`);
  return faults;
}
