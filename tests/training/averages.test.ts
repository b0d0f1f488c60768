import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { NetloomDocument, Training } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, documentOf, envOf, node, numbersOf, trainerOf, wires } from "./documents.ts";

const decay = 0.8;
const adam = { type: "adam", rate: 0.02 } as const;

/** The classifier, its first layer seen a second time with averaged weights; two phases take turns. */
function averaged(training: Training = {}): NetloomDocument {
  const base = classifier({
    averages: [{ of: "linear1", to: "slow", decay }],
    phases: [
      { name: "all", minimise: "loss", optimiser: adam },
      { name: "head", minimise: "loss", update: ["linear2"], optimiser: adam },
    ],
    ...training,
  });
  const again = [node("average", "dense", { units: 8 }, "slow"), node("gap", "loss.squared-error"), node("sum", "add")];
  const more = wires("data.x > average.x", "average.y > gap.x", "linear1.y > gap.target", "gap.loss > sum.x", "loss.loss > sum.x");
  return documentOf([...base.nodes, ...again], [...base.edges, ...more], base.training);
}

describe.each(["cpu", "wasm"] as const)("averages of weights on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));

  it("start as copies and follow by their formula after every step, whichever phase has its turn; resumed runs too", async () => {
    const before = tf.memory().numTensors;
    const trainer = trainerOf(averaged());
    let numbers = await numbersOf(trainer);
    const slow = { kernel: numbers["slow/kernel"] ?? [], bias: numbers["slow/bias"] ?? [] };
    expect(slow).toEqual({ kernel: numbers["linear1/kernel"], bias: numbers["linear1/bias"] });
    let saved: Uint8Array | undefined;
    for (let step = 0; step < 9; step++) {
      if (step === 4) saved = await trainer.checkpoint();
      trainer.trainStep();
      numbers = await numbersOf(trainer);
      for (const name of ["kernel", "bias"] as const) {
        slow[name] = slow[name].map((value, i) => decay * value + (1 - decay) * (numbers[`linear1/${name}`]?.[i] ?? 0));
        for (const [i, value] of slow[name].entries()) expect(numbers[`slow/${name}`]?.[i]).toBeCloseTo(value, 5);
      }
    }
    expect(numbers["slow/kernel"]).not.toEqual(numbers["linear1/kernel"]);
    trainer.restore(saved ?? new Uint8Array());
    const held = tf.memory().numTensors;
    for (let step = 4; step < 9; step++) trainer.trainStep();
    await trainer.readLosses();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(held + 10);
    expect(await numbersOf(trainer)).toEqual(numbers);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("are moved by no phase, even where the loss depends on them", async () => {
    const trainer = trainerOf(averaged({ phases: [{ minimise: "sum", optimiser: adam }], averages: [{ of: "linear1", to: "slow", decay: 0 }] }));
    for (let step = 0; step < 3; step++) trainer.trainStep();
    const numbers = await numbersOf(trainer);
    expect(numbers["slow/kernel"]).toEqual(numbers["linear1/kernel"]);
    trainer.dispose();
  });
});

it("a document that asks for an average that cannot be says why", () => {
  const fault = (training: Training) => {
    const document = averaged(training);
    const planned = trainingPlan(document, checkDocument(document, registry, envOf()));
    return planned.ok ? "" : planned.problems.map(({ message }) => message).join(" ");
  };
  const average = { of: "linear1", to: "slow", decay };
  expect(fault({})).toBe("");
  expect(fault({ averages: [{ ...average, of: "gone" }] })).toContain("no weights of that name. There are: linear1");
  expect(fault({ averages: [{ ...average, to: "gone" }] })).toContain("use the block again");
  expect(fault({ averages: [{ ...average, of: "slow" }] })).toContain("cannot hold its own average");
  expect(fault({ averages: [average, average] })).toContain("two averages");
  expect(fault({ averages: [average, { ...average, of: "slow", to: "linear1" }] })).toContain("an average itself");
  expect(fault({ averages: [{ ...average, of: "linear2" }] })).toContain('[2 × 8] is to follow "linear2/kernel", which is [8 × 2]');
  expect(fault({ phases: [{ name: "all", minimise: "sum", update: ["slow", "linear1"], optimiser: adam }] })).toContain('all updates "slow"');
});
