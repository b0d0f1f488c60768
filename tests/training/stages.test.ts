import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Phase } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, envOf, numbersOf, trainerOf } from "./documents.ts";

const sgd = { type: "sgd", rate: 0.05, momentum: 0.9 } as const;
const first: Phase = { name: "first", minimise: "loss", update: ["linear1"], optimiser: sgd, end: 4 };
const second: Phase = { name: "second", minimise: "loss", update: ["linear2"], optimiser: sgd, begin: 4 };

describe("phases that begin and end", () => {
  beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));
  const take = (trainer: Trainer, steps: number) => {
    for (let i = 0; i < steps; i++) trainer.trainStep();
  };

  it("move only their own weights, and only in their steps; a run that goes on from a checkpoint does the same", async () => {
    const trainer = trainerOf(classifier({ phases: [first, second] }), { steps: 10 });
    const start = await numbersOf(trainer);
    take(trainer, 4);
    const middle = await numbersOf(trainer);
    expect(Object.keys(await trainer.readLosses())).toContain("rate/first");
    const saved = await trainer.checkpoint();
    take(trainer, 6);
    const end = await numbersOf(trainer);
    const losses = await trainer.readLosses();
    expect(Object.keys(losses).filter((name) => name.endsWith("first"))).toEqual([]);
    for (const name of Object.keys(start).filter((name) => name.startsWith("linear"))) {
      const [moved, still] = name.startsWith("linear1/") ? [middle, end] : [end, middle];
      expect(moved[name], name).not.toEqual(start[name]);
      expect(still[name], name).toEqual((name.startsWith("linear1/") ? middle : start)[name]);
    }
    trainer.restore(saved);
    take(trainer, 6);
    expect(await numbersOf(trainer)).toEqual(end);
    trainer.dispose();
  });

  it("end the run where the last one ends", () => {
    const trainer = trainerOf(classifier({ phases: [first, { ...second, end: 9 }], stop: { epochs: 100 } }));
    expect(trainer.steps).toBe(9);
    trainer.dispose();
  });

  it("leave no step without a phase, and no phase without a step: else the problem says where", () => {
    const messages = (phases: Phase[], steps = 20) => {
      const document = classifier({ phases, stop: { steps } });
      const planned = trainingPlan(document, checkDocument(document, registry, envOf()));
      return planned.ok ? [] : planned.problems.map(({ message }) => message);
    };
    expect(messages([first, second])).toEqual([]);
    expect(messages([first, { ...second, begin: 6 }])[0]).toContain("From step 4 to step 6 no phase");
    expect(messages([first, { ...second, end: 15 }])[0]).toContain("From step 15 on no phase");
    expect(messages([first, { ...second, end: 20 }])).toEqual([]);
    expect(messages([{ ...first, begin: 4, end: 4 }, second])[0]).toContain("let it end later");
  });
});
