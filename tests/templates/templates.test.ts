import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { writeDocument } from "../../src/document/write.ts";
import { builtKernels } from "../support/kernels.ts";
import { overlaps } from "../support/overlaps.ts";
import { openTemplate, templateIds, templateText, trainTemplate } from "../support/templates.ts";

// Tensors are counted before the first training starts a backend by itself.
beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

describe.each(templateIds)("template %s", (id) => {
  const { document, checked } = openTemplate(id);

  it("opens without any problem and says what to look at", () => {
    expect(checked.problems).toEqual([]);
    expect(document.about?.chapter).toMatch(/^\d/);
    expect(document.about?.text?.length).toBeGreaterThan(80);
  });

  it("is written as Netloom writes documents", () => expect(templateText(id)).toBe(writeDocument(document)));

  it("is laid out without overlaps, blocks too", () => {
    expect([document, ...Object.values(document.blocks ?? {})].flatMap(overlaps)).toEqual([]);
  });

  // Networks in their full size have no data: they are opened and counted.
  const hasData = checked.nodes.some(({ layer }) => layer.type === "dataset");
  it.runIf(hasData)("trains: its loss falls, unless it is a game, and no tensor is left behind", async () => {
    const before = tf.memory().numTensors;
    const trainer = await trainTemplate({ document, checked });
    const target = trainer.plan.phases[0]?.minimise.path ?? "";
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) {
      trainer.trainStep();
      losses.push((await trainer.readLosses())[target] ?? Number.NaN);
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // In a game of two networks one's loss rises as the other wins.
    if (checked.nodes.some(({ layer }) => layer.type === "loss.adversarial")) expect(losses.every(Number.isFinite)).toBe(true);
    else expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)));
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("the MNIST-1D pair", () => {
  it("has the book's numbers of parameters", () => {
    expect(openTemplate("mnist1d-conv").checked.totals.parameters).toBe(2050);
    expect(openTemplate("mnist1d-mlp").checked.totals.parameters).toBe(59065);
  });
});
