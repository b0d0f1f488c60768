import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { prepareBackend } from "../../src/backends/backends.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { defineLayer } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import { classifier, clouds, documentOf, node, trainerOf, wires } from "./documents.ts";

beforeAll(() => prepareBackend("cpu"));

/** √x of something that comes to be exactly 0: finite itself, its slope not. */
const root = defineLayer({
  type: "test.root",
  title: "Root",
  family: "activation",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: x }),
  apply: ({ x }) => ({ y: tf.sqrt(tf.relu(x)) }),
  explain: { summary: "For tests." },
  examples: [],
});

/** 1/(7 − step): infinite in the eighth step. */
const pole = defineLayer({
  type: "test.pole",
  title: "Pole",
  family: "activation",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: x }),
  apply: ({ x }, _w, _p, { step, training }) => ({ y: training ? tf.div(x, 7 - step) : x }),
  explain: { summary: "For tests." },
  examples: [],
});

function trainerWith(layer: typeof root): Trainer {
  const dataset = clouds();
  const env = { dataset: () => dataset.info, datasetNames: () => ["clouds"] };
  const document = classifier({ phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 0.01 } }] }, [
    node("odd", layer.type),
    node("linear3", "dense", { units: 4 }),
  ]);
  const checked = checkDocument(document, new Map([...registry, [layer.type, layer]]), env);
  return createTrainer({ document, checked, datasets: new Map([["data", dataset]]) });
}

const take = (trainer: Trainer, steps: number) => {
  for (let i = 0; i < steps; i++) trainer.trainStep();
};

describe("a diagnosis", () => {
  it("names the node that gave the first number that is not finite, and leaves the run before that step", async () => {
    const before = tf.memory().numTensors;
    const trainer = trainerWith(pole);
    take(trainer, 3);
    trainer.remember();
    trainer.trainStep();
    await trainer.readLosses();
    take(trainer, 9);
    expect((await trainer.readLosses()).loss).toBeNaN();
    const failure = await trainer.diagnose();
    expect(failure.node).toBe("odd");
    expect(failure.message).toMatch(/"odd" gave .*Infinity in step 8/);
    expect(trainer.step).toBe(7);
    trainer.trainStep();
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("names the node whose output is finite and whose gradient is not", async () => {
    const trainer = trainerWith(root);
    take(trainer, 4);
    const failure = await trainer.diagnose();
    expect(failure.node).toBe("odd");
    expect(failure.message).toMatch(/gradient through "odd"/);
    trainer.dispose();
  });

  it("names the data set that holds the number", async () => {
    const trainer = trainerOf(classifier(), { dataset: clouds((x) => x.fill(Number.NaN, 24, 25)) });
    take(trainer, 5);
    const failure = await trainer.diagnose();
    expect(failure.node).toBe("data");
    expect(failure.message).toMatch(/"clouds" holds NaN at its port "x" in example 13 of the train/);
    trainer.dispose();
  });

  it("finds where a run that diverges overflows", async () => {
    const document = documentOf(
      [
        node("data", "dataset", { name: "clouds" }),
        node("a", "dense", { units: 4 }),
        node("b", "dense", { units: 2 }),
        node("loss", "loss.squared-error"),
      ],
      wires("data.x > a.x", "a.y > b.x", "b.y > loss.x", "data.x > loss.target"),
      { batch: 10, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 100 } }] },
    );
    const trainer = trainerOf(document);
    take(trainer, 40);
    const failure = await trainer.diagnose();
    expect(["a", "b", "loss"]).toContain(failure.node);
    expect(failure.remedy).toMatch(/learning rate/);
    trainer.dispose();
  });
});
