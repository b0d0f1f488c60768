import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { createTrainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";
import { numbersOf } from "./documents.ts";

beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

describe("recomputed activations leave every number as it is, to the last bit:", () => {
  it.each(["digits-cnn", "digits-vae", "moons-flow", "spirals-residual", "tiny-gpt"])("%s", async (id) => {
    const { document, checked } = openTemplate(id);
    const datasets = await loadDatasets({ document, checked });
    const results = [];
    for (const recompute of [false, true]) {
      const trainer = createTrainer({ document: { ...document, training: { ...document.training, recompute } }, checked, datasets, batch: 8 });
      for (let i = 0; i < 3; i++) trainer.trainStep();
      results.push({ weights: await numbersOf(trainer), losses: await trainer.readLosses() });
      trainer.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });
});
