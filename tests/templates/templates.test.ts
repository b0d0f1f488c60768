import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { wasmFolder } from "../../src/backends/node.ts";
import { writeDocument } from "../../src/document/write.ts";
import { openTemplate, templateIds, templateText, trainTemplate } from "../support/templates.ts";

// Tensors are counted before the first training starts a backend by itself.
beforeAll(() => prepareBackend("wasm", { wasmPaths: wasmFolder() }));

/** Size of a node on the canvas, for overlaps. */
const [width, height] = [190, 90];

describe.each(templateIds)("template %s", (id) => {
  const { document, checked } = openTemplate(id);

  it("opens without any problem and says what to look at", () => {
    expect(checked.problems).toEqual([]);
    expect(document.about?.chapter).toMatch(/^\d/);
    expect(document.about?.text?.length).toBeGreaterThan(80);
  });

  it("is written as Netloom writes documents", () => expect(templateText(id)).toBe(writeDocument(document)));

  it("is laid out without overlaps", () => {
    const overlapping = document.nodes.flatMap((a, i) =>
      document.nodes.slice(i + 1).filter((b) => {
        const [ax, ay] = a.at ?? [0, 0];
        const [bx, by] = b.at ?? [0, 0];
        return Math.abs(ax - bx) < width && Math.abs(ay - by) < height;
      }),
    );
    expect(overlapping.map((node) => node.id)).toEqual([]);
  });

  it("trains: its loss falls, and no tensor is left behind", async () => {
    const before = tf.memory().numTensors;
    const trainer = await trainTemplate({ document, checked });
    const target = trainer.plan.phases[0]?.minimise.path ?? "";
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) {
      trainer.trainStep();
      losses.push((await trainer.readLosses())[target] ?? Number.NaN);
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)));
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
