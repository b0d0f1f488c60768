import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { compile } from "../../src/compiler/compile.ts";
import { sameRecording } from "../../src/compiler/recording.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import { createFeeds, drawingOf } from "../../src/training/feeds.ts";
import { createPhases } from "../../src/training/phases.ts";
import { recordStep } from "../../src/training/recorded-step.ts";
import { takeStep } from "../../src/training/step.ts";
import { createStepper } from "../../src/training/stepper.ts";
import { symbolicStep } from "../../src/training/symbolic-step.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, clouds, documentOf, envOf, node, numbersOf, trainerOf, wires } from "./documents.ts";

/** Everything at once: a loss that fades in, a pool of earlier examples, bounds on weights, averages of weights. */
function everything() {
  const optimiser = { type: "adam", rate: 0.02 } as const;
  const base = classifier({
    seed: 3,
    batch: 10,
    averages: [{ of: "linear1", to: "slow", decay: 0.9 }],
    phases: [
      {
        minimise: "weighted",
        optimiser,
        constrain: [
          { type: "spectral", most: 0.8 },
          { type: "clip", most: 0.5 },
        ],
        end: 6,
      },
      { minimise: "sum", optimiser, begin: 3 },
    ],
  });
  const nodes = [
    node("ramp", "schedule", { length: 8 }),
    node("weighted", "multiply"),
    node("pool", "history", { size: 7 }),
    node("average", "dense", { units: 8 }, "slow"),
    node("gap", "loss.squared-error"),
    node("sum", "add"),
  ];
  const edges = wires(
    "loss.loss > weighted.x",
    "ramp.y > weighted.x",
    "data.x > pool.x",
    "pool.y > average.x",
    "average.y > gap.x",
    "linear1.y > gap.target",
    "gap.loss > sum.x",
    "weighted.y > sum.x",
  );
  return documentOf([...base.nodes, ...nodes], [...base.edges, ...edges], base.training);
}

describe("schedules, histories, bounds and averages", () => {
  beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

  it("are part of the step that is compiled from its shapes, with the numbers of the step as it is written", async () => {
    const document = everything();
    const checked = checkDocument(document, registry, envOf());
    const planned = trainingPlan(document, checked);
    if (!planned.ok) throw new Error(planned.problems[0]?.message);
    const program = compile(checked);
    const before = tf.memory().numTensors;
    const datasets = new Map([["data", clouds()]]);
    const data = createFeeds(datasets, drawingOf(datasets, { batch: 10, seed: 1 }));
    const weights = () => program.variables.map(({ spec, name }) => tf.keep(tf.tensor(initialise(spec, rng(1, name)), [...spec.shape])));
    for (const index of [0, 1]) {
      const [written, compiled, recordedPhase] = Array.from({ length: 3 }, () => createPhases(program, planned.plan, 10));
      const states = Array.from({ length: 3 }, () => ({ step: 0, weights: weights() }));
      const [one, other, third] = states as [(typeof states)[0], (typeof states)[0], (typeof states)[0]];
      const [a, b, c] = [written?.[index], compiled?.[index], recordedPhase?.[index]];
      if (!a || !b || !c) throw new Error("There is no such phase.");
      const symbolic = symbolicStep(a, { weights: one.weights, batch: 10 });
      const { recorded, trace } = recordStep(c, 0, { data, state: third, seed: 1 });
      expect(symbolic && recorded && sameRecording(symbolic.recording, recorded.recording)).toBe(true);
      expect(symbolic?.inputs).toEqual(recorded?.inputs);
      expect(symbolic?.outputs).toEqual(recorded?.outputs);
      tf.dispose([...trace.losses]);
      symbolic?.recording.dispose();
      recorded?.recording.dispose();
      const stepper = createStepper(b, { data, state: other, seed: 1 });
      for (let step = 0; step < 5; step++) {
        tf.dispose([...takeStep(a, step, { data, state: one, seed: 1 }).losses, ...stepper.step(step).losses]);
        for (const [i, weight] of one.weights.entries()) expect([...(other.weights[i]?.dataSync() ?? [])]).toEqual([...weight.dataSync()]);
      }
      stepper.dispose();
      for (const state of states) tf.dispose(state.weights);
      for (const phases of [written, compiled, recordedPhase]) for (const { optimiser } of phases ?? []) optimiser.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("go on from a checkpoint as if the run had never stopped, wherever that was", async () => {
    const straight = trainerOf(everything(), { steps: 12 });
    const saved: Uint8Array[] = [];
    while (straight.step < 12) {
      if (straight.step % 4 === 1) saved.push(await straight.checkpoint());
      straight.trainStep();
    }
    const numbers = await numbersOf(straight);
    straight.dispose();
    for (const bytes of saved) {
      const again = trainerOf(everything(), { steps: 12 });
      again.restore(bytes);
      while (again.step < 12) again.trainStep();
      expect(await numbersOf(again)).toEqual(numbers);
      again.dispose();
    }
  });
});
