import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { createTrainer } from "../../src/training/trainer.ts";
import { bytesInUse } from "../support/heap.ts";
import { openWorkload, type WorkloadName, workloads } from "./workloads.ts";

/** Node keeps its collector from programs unless it is asked so. */
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/**
 * What a step of each workload needs: its weights; all that would live at the peak of a step that tfjs's tape takes; and all that
 * a run holds with its step compiled: weights, slots, the batch, and the memory that the step's values share.
 */
export async function benchStepMemory(names: readonly WorkloadName[]): Promise<object[]> {
  const rows: object[] = [];
  for (const name of names) {
    const before = bytesInUse();
    const options = await openWorkload(workloads[name]());
    const trainer = createTrainer(options);
    const tensorBytes = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => {
      trainer.trainStep();
      return [];
    });
    for (let i = 0; i < 6; i++) trainer.trainStep();
    rows.push({
      workload: name,
      "weights, MiB": mebibytes(4 * options.checked.totals.parameters),
      "peak on the tape, MiB": mebibytes(Math.max(0, peakBytes - tensorBytes) + 4 * options.checked.totals.parameters),
      "compiled run, MiB": mebibytes(bytesInUse() - before),
    });
    trainer.dispose();
  }
  return rows;
}

/** Tensors, backend memory and the process's memory after so many steps of small networks: what grows with the steps is a leak. */
export async function benchLeaks(): Promise<object[]> {
  const rows: object[] = [];
  for (const name of ["mnist1d", "gcn", "flow"] as const) {
    const trainer = createTrainer(await openWorkload(workloads[name]()));
    for (const steps of [1_000, 10_000]) {
      while (trainer.step < steps) {
        trainer.trainStep();
        if (trainer.step % 100 === 0) await trainer.readLosses();
      }
      collectGarbage();
      const { rss, heapUsed } = process.memoryUsage();
      rows.push({
        workload: name,
        steps: steps.toLocaleString("en"),
        tensors: tf.memory().numTensors,
        "backend, bytes": bytesInUse().toLocaleString("en"),
        "JavaScript heap, MiB": mebibytes(heapUsed),
        "process, MiB": mebibytes(rss),
      });
    }
    trainer.dispose();
  }
  return rows;
}
