import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Constraint, Training } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import { constraintsOn } from "../../src/training/constraints.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, envOf, numbersOf, trainerOf } from "./documents.ts";

const phase = { minimise: "loss", optimiser: { type: "sgd", rate: 0.5, momentum: 0.9 } } as const;
const training = (constrain: Constraint[]): Training => ({ phases: [{ ...phase, constrain }] });
const take = (trainer: Trainer, steps: number) => {
  for (let i = 0; i < steps; i++) trainer.trainStep();
};
/** Largest singular value of a matrix in rows, by many rounds of power iteration in double precision. */
function largest(values: readonly number[], columns: number): number {
  const rows = values.length / columns;
  let v = Array.from({ length: columns }, (_, i) => Math.sin(i + 1));
  let sigma = 0;
  for (let round = 0; round < 500; round++) {
    const u = Array.from({ length: rows }, (_, r) => v.reduce((sum, x, c) => sum + x * (values[r * columns + c] ?? 0), 0));
    const w = v.map((_, c) => u.reduce((sum, x, r) => sum + x * (values[r * columns + c] ?? 0), 0));
    const norm = Math.hypot(...w);
    sigma = Math.sqrt(norm / Math.hypot(...v));
    v = w.map((x) => x / norm);
  }
  return sigma;
}

describe.each(["cpu", "wasm"] as const)("constraints on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));

  it("clip every weight that the phase moves, and no others, after each update", async () => {
    const trainer = trainerOf(classifier(training([{ type: "clip", most: 0.05, nodes: ["linear1", "norm"] }])));
    for (let step = 0; step < 6; step++) {
      take(trainer, 1);
      const numbers = await numbersOf(trainer);
      for (const name of ["linear1/kernel", "linear1/bias", "norm/gamma"])
        expect(Math.max(...(numbers[name] ?? [9]).map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.05));
      expect(Math.max(...(numbers["linear2/kernel"] ?? []).map(Math.abs))).toBeGreaterThan(0.05);
      expect(numbers["norm/variance"]?.some((value) => value > 0.05)).toBe(true);
    }
    trainer.dispose();
  });

  it("keep every matrix's largest singular value within its bound, and what lies within as it is", async () => {
    const before = tf.memory().numTensors;
    const [bounded, loose, free] = [[{ type: "spectral", most: 0.6 } as const], [{ type: "spectral", most: 1e6 } as const], []].map((constrain) =>
      trainerOf(classifier(training(constrain))),
    ) as [Trainer, Trainer, Trainer];
    for (const trainer of [bounded, loose, free]) take(trainer, 25);
    const [within, same, open] = [await numbersOf(bounded), await numbersOf(loose), await numbersOf(free)];
    for (const [name, columns] of [
      ["linear1/kernel", 8],
      ["linear2/kernel", 2],
    ] as const) {
      expect(largest(within[name] ?? [], columns)).toBeLessThan(0.6 * 1.01);
      expect(largest(open[name] ?? [], columns)).toBeGreaterThan(0.7);
    }
    expect(same).toEqual(open);
    for (const trainer of [bounded, loose, free]) trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("go on from a checkpoint with exactly the numbers of an uninterrupted run", async () => {
    const trainer = trainerOf(
      classifier(
        training([
          { type: "spectral", most: 0.6 },
          { type: "clip", most: 0.3 },
        ]),
      ),
    );
    take(trainer, 5);
    const saved = await trainer.checkpoint();
    const held = { ...tf.memory() };
    take(trainer, 5);
    const straight = await numbersOf(trainer);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(held.numTensors + 2);
    trainer.restore(saved);
    take(trainer, 5);
    expect(await numbersOf(trainer)).toEqual(straight);
    const other = trainerOf(
      classifier(
        training([
          { type: "spectral", most: 0.6 },
          { type: "clip", most: 0.3 },
        ]),
      ),
    );
    other.restore(saved);
    take(other, 5);
    expect(await numbersOf(other)).toEqual(straight);
    trainer.dispose();
    other.dispose();
  });

  it("see a convolution's kernel as the matrix that it is multiplied as, and get over one of zeros", () => {
    const shape = [3, 3, 4, 5];
    const [constraint] = constraintsOn([{ type: "spectral", most: 2 }], { shape, init: "zeros" }, () => true);
    let slots: readonly tf.Tensor[] = (constraint?.slots ?? []).map((slot) => tf.zeros([...slot.shape]));
    const kernel = tf.tensor(rng(5).fillNormal(new Float32Array(180)), shape);
    const apply = (weight: tf.Tensor) => {
      const result = constraint?.apply(weight, slots);
      slots = result?.slots ?? [];
      return result?.weight as tf.Tensor;
    };
    tf.tidy(() => {
      expect(
        apply(tf.zeros(shape))
          .dataSync()
          .every((value) => value === 0),
      ).toBe(true);
      let bounded = kernel as tf.Tensor;
      for (let i = 0; i < 20; i++) bounded = apply(kernel);
      expect(largest([...kernel.dataSync()], 5)).toBeGreaterThan(5);
      expect(largest([...bounded.dataSync()], 5)).toBeCloseTo(2, 3);
    });
  });
});

it("a phase that bounds what it does not move, or bounds singular values where there is no matrix, says so", () => {
  const fault = (constrain: Constraint[], update?: string[]) => {
    const document = classifier({ phases: [{ ...phase, constrain, ...(update && { update }) }] });
    const planned = trainingPlan(document, checkDocument(document, registry, envOf()));
    return planned.ok ? "" : planned.problems[0]?.message;
  };
  expect(fault([{ type: "clip", most: 1 }])).toBe("");
  expect(fault([{ type: "clip", most: 1, nodes: ["linear2"] }], ["linear1"])).toContain('bounds the weights of "linear2", but moves no');
  expect(fault([{ type: "spectral", most: 1 }], ["norm"])).toContain("no matrix");
});
