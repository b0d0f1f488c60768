import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";

import { createTrainer } from "../../src/training/trainer.ts";
import { bytesInUse } from "../support/heap.ts";
import { builtKernels } from "../support/kernels.ts";
import { lightIds, loadDatasets, openTemplate } from "../support/templates.ts";

/** `npm run bench -- leaks` follows the same over 10,000 steps. */
describe("a long run", () => {
  beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

  const held = () => ({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds(), bytes: bytesInUse() });

  it.each(lightIds)("of %s holds as much after 220 steps as after 20, and nothing once it is over", async (id) => {
    const template = openTemplate(id);
    const datasets = await loadDatasets(template);
    const before = held();
    // Small batches: what is kept by mistake is kept at any size.
    const trainer = createTrainer({ ...template, datasets, batch: 2 });
    const takeUntil = async (step: number) => {
      while (trainer.step < step) {
        trainer.trainStep();
        if (trainer.step % 10 === 0) await trainer.readLosses();
      }
    };
    await takeUntil(20);
    const early = held();
    await takeUntil(220);
    expect(held()).toEqual(early);
    trainer.dispose();
    expect(held()).toEqual(before);
  });
});
