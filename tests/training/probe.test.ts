import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { histogramOf } from "../../src/training/probe.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, node, numbersOf, trainerOf } from "./documents.ts";

describe.each(["cpu", "wasm"] as const)("a probe of a run on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));
  const held = () => ({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() });
  let before = { tensors: 0, data: 0 };
  let trainer: Trainer;
  beforeEach(() => {
    before = held();
    trainer = trainerOf(classifier());
    for (let step = 0; step < 5; step++) trainer.trainStep();
  });
  afterEach(() => {
    trainer.dispose();
    expect(held(), "tensors or data left behind").toEqual(before);
  });

  it("shows a node's output and the gradient of the loss by it", async () => {
    const frame = await trainer.probe("relu");
    expect(frame).toMatchObject({ node: "relu", step: 5, examples: 10, activations: { low: 0 } });
    const alive = frame?.activations.counts.reduce((sum, count) => sum + count) ?? 0;
    expect(alive).toBeCloseTo(10 * 8 * (1 - (frame?.activations.zeros ?? 0)));
    expect(frame?.activations.zeros).toBeGreaterThan(0.1);
    expect(frame?.gradient?.deviation).toBeGreaterThan(0);
  });

  it("knows that the gradient of the loss by itself is 1, and that of cross-entropy by its scores sums to 0 (equation 5.24)", async () => {
    expect((await trainer.probe("loss"))?.gradient).toMatchObject({ mean: 1, deviation: 0 });
    expect((await trainer.probe("linear2"))?.gradient?.mean).toBeCloseTo(0, 6);
  });

  it("looks at data, and at outputs that the loss does not depend on, without a gradient where there is none", async () => {
    expect((await trainer.probe("data"))?.gradient?.counts.length).toBe(32);
    const aside = trainerOf({
      ...classifier(),
      nodes: [...classifier().nodes, node("aside", "relu")],
      edges: [...classifier().edges, { from: "linear1.y", to: "aside.x" }],
    });
    const frame = await aside.probe("aside");
    expect([frame?.activations.low, frame?.gradient]).toEqual([0, undefined]);
    aside.dispose();
    expect(await trainer.probe("nowhere")).toBeUndefined();
  });

  it("alters nothing and keeps nothing: the run goes on with the same numbers", async () => {
    const other = trainerOf(classifier());
    for (let step = 0; step < 5; step++) other.trainStep();
    await trainer.probe("relu");
    const tensors = held();
    for (const path of ["linear1", "norm", "drop", "loss"]) await trainer.probe(path);
    expect(held()).toEqual(tensors);
    for (const one of [trainer, other]) for (let step = 0; step < 5; step++) one.trainStep();
    expect(await numbersOf(trainer)).toEqual(await numbersOf(other));
    other.dispose();
  });
});

describe("a histogram", () => {
  it("counts every finite value once, zeros apart, between the smallest and the largest", () => {
    const value = fc.oneof(fc.float({ noNaN: true, min: -1000, max: 1000 }), fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const finite = values.filter(Number.isFinite);
        const found = histogramOf(values);
        expect(found.counts.reduce((sum, count) => sum + count)).toBe(finite.filter((value) => value !== 0).length);
        expect(found.finite).toBeCloseTo(finite.length / values.length);
        if (finite.length > 0) expect([found.low, found.high]).toEqual([Math.min(...finite) + 0, Math.max(...finite) + 0]);
      }),
    );
  });
});
