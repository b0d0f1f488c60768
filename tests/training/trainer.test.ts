import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { decodeSafetensors } from "../../src/tensor/safetensors.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, clouds, documentOf, node, numbersOf, trainerOf, wires } from "./documents.ts";

const backends = ["cpu", "wasm"] as const;
const take = (trainer: Trainer, steps: number) => {
  for (let i = 0; i < steps; i++) trainer.trainStep();
};
const adam = { minimise: "loss", optimiser: { type: "adam", rate: 0.02 } } as const;
const momentum = { minimise: "loss", optimiser: { type: "sgd", rate: 0.05, momentum: 0.9 }, clipNorm: 1 } as const;

describe.each(backends)("training on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));

  const held = () => ({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() });
  let before = { tensors: 0, data: 0 };
  let open: Trainer[] = [];
  const start = (...args: Parameters<typeof trainerOf>): Trainer => {
    const trainer = trainerOf(...args);
    open.push(trainer);
    return trainer;
  };
  beforeEach(() => {
    before = held();
  });
  afterEach(() => {
    for (const trainer of open) trainer.dispose();
    open = [];
    expect(held(), "tensors or data left behind").toEqual(before);
  });

  it("makes the loss fall and the accuracy rise", async () => {
    const trainer = start(classifier({ phases: [adam] }));
    const first = await trainer.evaluate("test");
    take(trainer, 60);
    const last = await trainer.evaluate("test");
    expect(last?.loss).toBeLessThan((first?.loss ?? 0) / 2);
    expect(last?.accuracy).toBeGreaterThan(0.9);
    expect(trainer.step).toBe(60);
    expect(trainer.stepsPerEpoch).toBe(5);
  });

  it("measures over a whole split what is no mean of its batches", async () => {
    const base = classifier({ phases: [adam] });
    const nodes = [...base.nodes, node("perplexity", "metric.perplexity"), node("auc", "metric.roc-auc")];
    const edges = wires("data.label > perplexity.label", "linear2.y > perplexity.x", "data.x > auc.x", "data.x > auc.target");
    const trainer = start({ ...base, nodes, edges: [...base.edges, ...edges] });
    const figures = await trainer.evaluate("test");
    expect(figures?.perplexity).toBeCloseTo(Math.exp(figures?.loss ?? 0), 4);
    expect(figures?.auc).toBe(1);
  });

  it("weighs a batch by what its mask counts, so that a split's figures do not hang on the batch size", async () => {
    const base = classifier({ phases: [adam] });
    const nodes = [...base.nodes, node("masked", "metric.accuracy"), node("hesitation", "metric.perplexity"), node("overlap", "metric.iou")];
    const edges = ["masked", "hesitation", "overlap"].flatMap((id) =>
      wires(`data.label > ${id}.label`, `linear2.y > ${id}.x`, `data.label > ${id}.mask`),
    );
    const document = { ...base, nodes, edges: [...base.edges, ...edges] };
    const [small, whole] = [await start(document, { batch: 7 }).evaluate("test"), await start(document, { batch: 50 }).evaluate("test")];
    for (const name of ["masked", "hesitation", "overlap"]) expect(small?.[name]).toBeCloseTo(whole?.[name] ?? Number.NaN, 4);
  });

  it("keeps no tensor from step to step, whatever the optimiser", async () => {
    for (const phase of [adam, momentum]) {
      const trainer = start(classifier({ phases: [phase] }));
      take(trainer, 3);
      const steady = held();
      take(trainer, 50);
      await trainer.readLosses();
      await trainer.evaluate("test");
      await trainer.previews();
      await trainer.checkpoint();
      expect(held()).toEqual(steady);
    }
  });

  it("gives the same numbers for the same seed and others for another", async () => {
    const [a, b, c] = [3, 3, 4].map((seed) => start(classifier({ phases: [adam] }), { seed })) as [Trainer, Trainer, Trainer];
    for (const trainer of [a, b, c]) take(trainer, 15);
    expect(await numbersOf(a)).toEqual(await numbersOf(b));
    expect(await numbersOf(a)).not.toEqual(await numbersOf(c));
  });

  it("continues from a checkpoint with exactly the numbers of an uninterrupted run", async () => {
    for (const phase of [adam, momentum]) {
      const straight = start(classifier({ phases: [phase] }));
      take(straight, 40);
      const first = start(classifier({ phases: [phase] }));
      take(first, 20);
      const bytes = await first.checkpoint();
      const second = start(classifier({ phases: [phase] }));
      take(second, 3);
      second.restore(bytes);
      expect(second.step).toBe(20);
      take(second, 20);
      expect(await numbersOf(second)).toEqual(await numbersOf(straight));
      expect(await second.readLosses()).toEqual(await straight.readLosses());
    }
  });

  it("repeats its steps without tfjs's operations, with the numbers that those give, to the last bit", async () => {
    for (const phase of [adam, momentum]) {
      const repeating = start(classifier({ phases: [{ ...phase, schedule: { type: "cosine", warmup: 3 } }] }));
      take(repeating, 6);
      const { kernels } = await tf.profile(() => {
        repeating.trainStep();
        return [];
      });
      expect(kernels).toEqual([]);
      let bytes: Uint8Array | undefined;
      for (let i = 0; i < 7; i++) {
        const written = trainerOf(classifier({ phases: [{ ...phase, schedule: { type: "cosine", warmup: 3 } }] }));
        if (bytes) written.restore(bytes);
        written.trainStep();
        bytes = await written.checkpoint();
        written.dispose();
      }
      expect(await repeating.checkpoint()).toEqual(bytes);
    }
  });

  it("moves running averages in training and uses them in evaluation", async () => {
    const trainer = start(classifier({ phases: [adam] }));
    const before = await numbersOf(trainer);
    expect(before["norm/mean"]).toEqual(Array(8).fill(0));
    await trainer.evaluate("test");
    expect(await numbersOf(trainer)).toEqual(before);
    take(trainer, 5);
    const after = await numbersOf(trainer);
    expect(after["norm/mean"]).not.toEqual(before["norm/mean"]);
    const plain = await trainer.evaluate("test");
    trainer.setWeights({ ...(await trainer.weights()), "norm/mean": { dtype: "F32", shape: [8], data: new Float32Array(8).fill(3) } });
    expect((await trainer.evaluate("test"))?.loss).not.toBeCloseTo(plain?.loss ?? 0, 3);
  });

  it("lets phases take turns, each moving only the weights that it names", async () => {
    const nodes = [
      node("data", "dataset", { name: "clouds" }),
      node("noise", "noise", { shape: [3] }),
      node("generator", "dense", { units: 2 }),
      node("judge1", "dense", { units: 1 }, "judge"),
      node("judge2", "dense", { units: 1 }, "judge"),
      node("real", "loss.squared-error"),
      node("fake", "loss.squared-error"),
      node("ones", "dense", { units: 1, bias: false, init: "zeros" }),
      node("sum", "add"),
    ];
    const edges = wires(
      "noise.x > generator.x",
      "generator.y > judge1.x",
      "data.x > judge2.x",
      "data.x > ones.x",
      "judge2.y > real.x",
      "ones.y > real.target",
      "judge1.y > fake.x",
      "ones.y > fake.target",
      "real.loss > sum.x",
      "fake.loss > sum.x",
    );
    const phases = [
      { name: "critic", minimise: "sum", update: ["judge"], optimiser: { type: "adam", rate: 0.01 }, steps: 2 },
      { name: "generator", minimise: "fake", update: ["generator"], optimiser: { type: "sgd", rate: 0.1 } },
    ] as const;
    const trainer = start(documentOf(nodes, edges, { batch: 10, phases: phases.map((phase) => ({ ...phase, update: [...phase.update] })) }));
    const moved: string[][] = [];
    for (let i = 0; i < 6; i++) {
      const before = await numbersOf(trainer);
      trainer.trainStep();
      const after = await numbersOf(trainer);
      moved.push(Object.keys(after).filter((name) => after[name]?.join() !== before[name]?.join()));
    }
    const judge = ["judge/kernel", "judge/bias"];
    const generator = ["generator/kernel", "generator/bias"];
    expect(moved).toEqual([judge, judge, generator, judge, judge, generator]);
    const losses = await trainer.readLosses();
    expect(Object.keys(losses).sort()).toEqual(["fake", "rate/critic", "rate/generator", "real", "sum"]);
  });

  it("reads the losses of the latest step, the rate and the norm of the gradients", async () => {
    const trainer = start(classifier({ phases: [{ ...momentum, schedule: { type: "step", every: 2, factor: 0.5 } }] }));
    expect(await trainer.readLosses()).toEqual({});
    take(trainer, 3);
    const losses = await trainer.readLosses();
    expect(Object.keys(losses).sort()).toEqual(["gradientNorm", "loss", "rate"]);
    expect(losses.rate).toBe(0.025);
    expect(losses.loss).toBeGreaterThan(0);
  });

  it("weights the last, short batch of an evaluation by its size", async () => {
    const document = classifier({}, []);
    const [tens, all] = [start(document, { batch: 10 }), start(document, { batch: 50 })];
    const [a, b] = [await tens.evaluate("test"), await all.evaluate("test")];
    expect(a?.loss).toBeCloseTo(b?.loss ?? 0, 5);
    expect(a?.accuracy).toBeCloseTo(b?.accuracy ?? 0, 5);
    expect(await tens.evaluate("validation")).toBeUndefined();
  });

  it("shows the same examples in every preview", async () => {
    const trainer = start(classifier({ phases: [adam] }));
    const [first] = await trainer.previews();
    take(trainer, 3);
    const [second] = await trainer.previews();
    expect(first).toMatchObject({ node: "look", kind: "scatter", ports: { x: { shape: [23, 2] } }, step: 0 });
    expect(second?.step).toBe(3);
    expect(second?.ports.label?.values).toEqual(clouds().splits.test.ports.label);
    expect(second?.ports.x.values).not.toEqual(first?.ports.x.values);
  });

  it("refuses a checkpoint of another network, and stays as it was", async () => {
    const trainer = start(classifier({ phases: [adam] }));
    const other = start(classifier({ phases: [adam] }, []));
    take(trainer, 2);
    const before = await numbersOf(trainer);
    const bytes = await other.checkpoint();
    expect(() => trainer.restore(bytes)).toThrow(/norm.*another network/);
    expect(() => trainer.restore(bytes.slice(0, 100))).toThrow();
    expect(await numbersOf(trainer)).toEqual(before);
    expect(trainer.step).toBe(2);
  });

  it("writes weights under their own names in a checkpoint, slots beside them", async () => {
    const trainer = start(classifier({ phases: [momentum] }, []));
    take(trainer, 1);
    const { tensors, metadata } = decodeSafetensors(await trainer.checkpoint());
    expect(Object.keys(tensors)).toContain("linear1/kernel");
    expect(Object.keys(tensors)).toContain("~0/velocity/linear1/kernel");
    expect(metadata).toMatchObject({ step: "1", seed: "3" });
  });
});
