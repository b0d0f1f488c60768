import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { builtKernels } from "../support/kernels.ts";
import { openTemplate, trainTemplate } from "../support/templates.ts";

/** Chapter 17's documents: what their numbers must obey however well they are trained. */

beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

const figuresOf = async (id: string, steps: number) => {
  const trainer = await trainTemplate(openTemplate(id));
  for (let step = 0; step < steps; step++) trainer.trainStep();
  const figures = await trainer.evaluate("test");
  trainer.dispose();
  return figures ?? {};
};

describe("bounds", () => {
  it("of a variational autoencoder lie below the likelihood that many draws give", async () => {
    const figures = await figuresOf("vae", 40);
    const sum = (figures.reconstruction ?? Number.NaN) + (figures.kl ?? Number.NaN);
    expect(-sum).toBeLessThan(figures.likelihood ?? Number.NaN);
  });

  it("with eight weighed draws lie between the evidence lower bound and the likelihood", async () => {
    const figures = await figuresOf("iwae", 40);
    expect(-(figures.iwae ?? Number.NaN)).toBeLessThan(figures["likelihood-iwae"] ?? Number.NaN);
    expect(-(figures.vae ?? Number.NaN)).toBeLessThan(figures["likelihood-vae"] ?? Number.NaN);
  });

  it("of a mixture touch the likelihood after an E-step, and M-steps lift both, beyond what gradients reach in as many steps", async () => {
    const [before, after] = [await figuresOf("mixture-em", 1), await figuresOf("mixture-em", 30)];
    for (const { gap, em, raised } of [before, after]) {
      expect(gap).toBeCloseTo(0, 4);
      expect(raised ?? Number.NaN).toBeGreaterThanOrEqual((em ?? Number.NaN) - 1e-4);
    }
    expect(after.em ?? Number.NaN).toBeGreaterThan((before.em ?? Number.NaN) + 0.05);
    expect(after.em ?? Number.NaN).toBeGreaterThan(after.gradient ?? Number.NaN);
  });
});

describe("a phase without a gradient", () => {
  it("trains a mixture that fits itself, to the same as beside one that is trained by gradients", async () => {
    const { document } = openTemplate("mixture-em");
    const alone = {
      ...document,
      training: { ...document.training, phases: [{ minimise: "emLoss", optimiser: { type: "sgd" as const, rate: 1 } }] },
    };
    const before = tf.memory().numTensors;
    const trainer = await trainTemplate({ document: alone, checked: checkDocument(alone, registry, createInferEnv()) });
    for (let step = 0; step < 30; step++) trainer.trainStep();
    const em = (await trainer.evaluate("test"))?.em ?? Number.NaN;
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(em).toBeCloseTo((await figuresOf("mixture-em", 30)).em ?? Number.NaN, 3);
  });
});
