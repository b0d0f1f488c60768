import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { freeze } from "../../src/graph/freezing.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { type Variable, variablesOf } from "../../src/graph/variables.ts";
import { registry } from "../../src/layers/registry.ts";
import { carriedWeights, groupCarryOver, parseRenamings, planCarryOver, renamed, wholeKeys, writeRenamings } from "../../src/training/carry-over.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, clouds, documentOf, node, trainerOf, wires } from "./documents.ts";

const names = fc.constantFrom("bert", "encoder", "head", "encoder/0", "encoder/1", "stem");
const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
const variables = fc
  .uniqueArray(fc.record({ key: names, weight: fc.constantFrom("kernel", "bias"), shape }), { selector: ({ key, weight }) => `${key}/${weight}` })
  .map((list) =>
    list.map(({ key, weight, shape }): Variable => ({ name: `${key}/${weight}`, weightKey: key, weight, path: key, spec: { shape, init: "zeros" } })),
  );
const given = (list: readonly Variable[]) => Object.fromEntries(list.map(({ name, spec }) => [name, { shape: spec.shape, of: name }]));
const renamings = fc.uniqueArray(fc.record({ here: fc.oneof(names, fc.constant("")), there: fc.oneof(names, fc.constant("")) }), {
  selector: ({ here }) => here,
  maxLength: 3,
});

describe("weights carried over", () => {
  it("are all of them, each under its own name, where both networks are the same", () => {
    fc.assert(
      fc.property(variables, (list) => {
        const plan = planCarryOver(list, given(list));
        expect(plan.unused).toEqual([]);
        expect(Object.entries(carriedWeights(plan, given(list))).map(([name, { of }]) => [name, of])).toEqual(list.map(({ name }) => [name, name]));
      }),
    );
  });

  it("are never of another shape, whatever the networks and the rules", () => {
    fc.assert(
      fc.property(variables, variables, renamings, (here, there, rules) => {
        const plan = planCarryOver(here, given(there), rules);
        const taken = carriedWeights(plan, given(there));
        for (const { name, spec } of here) if (taken[name]) expect(taken[name].shape).toEqual(spec.shape);
        expect(plan.variables.map(({ variable }) => variable)).toEqual(here);
      }),
    );
  });

  it("follow a rule there and back", () => {
    fc.assert(
      fc.property(variables, (list) => {
        const there = list.map((one) => ({ ...one, name: `outer/${one.name}` }));
        const inwards = planCarryOver(there, given(list), parseRenamings("outer="));
        const outwards = planCarryOver(list, given(there), parseRenamings("=outer"));
        expect([...inwards.variables, ...outwards.variables].every(({ origin }) => origin.kind === "carried")).toBe(true);
      }),
    );
  });

  it("are looked for by the rule of the longest prefix, whole parts of names only", () => {
    const rules = parseRenamings("encoder = bert, encoder/1=other,\nhead=top");
    expect(["encoder/0/kernel", "encoder/1/kernel", "encoder2/kernel", "head/bias"].map((name) => renamed(name, rules))).toEqual([
      "bert/0/kernel",
      "other/kernel",
      "encoder2/kernel",
      "top/bias",
    ]);
    expect(parseRenamings(writeRenamings(rules))).toEqual(rules);
  });

  it.each(["encoder", "a=b=c", "=", "9=b", "a b=c", "a=b, a=c", "a=a"])("cannot follow the rule %j, and say which", (text) => {
    expect(() => parseRenamings(text)).toThrow(/rule/);
  });
});

const open = (document: NetloomDocument) => ({
  document,
  checked: checkDocument(document, registry, { dataset: () => clouds().info, datasetNames: () => ["clouds"] }),
});
/** Another network on the same data: a wider middle, and another name for the first layer. */
const fineTuned = () => {
  const nodes = [
    node("data", "dataset", { name: "clouds" }),
    node("first", "dense", { units: 8 }),
    node("relu", "relu"),
    node("linear2", "dense", { units: 3 }),
    node("head", "dense", { units: 2 }),
    node("loss", "loss.cross-entropy"),
  ];
  const chain = wires("data.x > first.x", "first.y > relu.x", "relu.y > linear2.x", "linear2.y > head.x");
  const edges = [...chain, ...wires("head.y > loss.x", "data.label > loss.label")];
  return documentOf(nodes, edges, { batch: 10, phases: [{ minimise: "loss", optimiser: { type: "adam", rate: 0.01 } }] });
};

describe("a run that begins with another's weights", () => {
  beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

  it("is the same network at first, takes what fits of another one, and leaves no tensor behind", async () => {
    const before = tf.memory().numTensors;
    const trained = trainerOf(classifier({}, []));
    for (let step = 0; step < 20; step++) trained.trainStep();
    const weights = await trained.weights();

    const again = trainerOf(classifier({}, []), { seed: 99, initial: weights });
    expect(await again.weights()).toEqual(weights);
    expect(await again.evaluate("test")).toEqual(await trained.evaluate("test"));

    const { document, checked } = open(fineTuned());
    const plan = planCarryOver(variablesOf(checked), weights, parseRenamings("first=linear1"));
    expect(groupCarryOver(plan).map(({ name, from, carried }) => [name, from, carried])).toEqual([
      ["first", ["linear1"], 2],
      ["linear2", [], 0],
      ["head", [], 0],
    ]);
    expect(plan.variables.map(({ origin }) => origin.kind)).toEqual(["carried", "carried", "misfit", "misfit", "fresh", "fresh"]);
    const tuned = trainerOf(document, { initial: carriedWeights(plan, weights) });
    expect((await tuned.weights())["first/kernel"]).toEqual(weights["linear1/kernel"]);
    for (const trainer of [trained, again, tuned]) trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("moves nothing that is frozen, and everything else", async () => {
    const { document, checked } = open(fineTuned());
    const fresh = trainerOf(document, { seed: 5 });
    const weights = await fresh.weights();
    fresh.dispose();
    const carried = { "first/kernel": weights["first/kernel"], "first/bias": weights["first/bias"] };
    const frozen = freeze(document, checked, wholeKeys(planCarryOver(variablesOf(checked), { ...carried } as typeof weights)));
    if (!frozen) throw new Error("It cannot be frozen.");
    expect(frozen.training?.phases?.[0]).toMatchObject({ minimise: "loss", update: ["linear2", "head"], optimiser: { rate: 0.01 } });
    const trainer = trainerOf(frozen, { seed: 5, initial: weights });
    for (let step = 0; step < 3; step++) trainer.trainStep();
    const after = await trainer.weights();
    trainer.dispose();
    expect(after["first/kernel"]).toEqual(weights["first/kernel"]);
    expect(after["linear2/kernel"]).not.toEqual(weights["linear2/kernel"]);
  });

  it("leaves averages of weights to follow what they follow", () => {
    const base = fineTuned();
    const averages = [{ of: "head", to: "slow", decay: 0.9 }];
    const nodes = [...base.nodes, node("average", "dense", { units: 2 }, "slow"), node("gap", "loss.squared-error"), node("sum", "add")];
    const more = wires("linear2.y > average.x", "average.y > gap.x", "head.y > gap.target", "gap.loss > sum.x", "loss.loss > sum.x");
    const phases = [{ minimise: "sum", optimiser: { type: "sgd", rate: 0.01 } as const }];
    const { document, checked } = open({ ...base, nodes, edges: [...base.edges, ...more], training: { ...base.training, averages, phases } });
    const frozen = freeze(document, checked, new Set(["first"]));
    expect(frozen?.training?.phases?.[0]?.update).toEqual(["linear2", "head"]);
    expect(frozen && trainingPlan(frozen, checked).ok).toBe(true);
  });

  it("is refused where nothing would be left to learn, or a weight is of another shape", () => {
    const { document, checked } = open(fineTuned());
    expect(freeze(document, checked, new Set(["first", "linear2", "head"]))).toBeUndefined();
    const kernel = { dtype: "F32", shape: [1], data: new Float32Array(1) } as const;
    expect(() => trainerOf(document, { initial: { "first/kernel": kernel } })).toThrow('"first/kernel" is to begin with a weight of shape [1]');
  });

  it("freezes parts of blocks by their names, and keeps what a phase left alone", () => {
    const block = {
      inputs: [{ name: "x" }],
      outputs: [{ name: "y" }],
      nodes: [node("a", "dense", { units: 2 }), node("b", "dense", { units: 2 })],
      edges: wires("in.x > a.x", "a.y > b.x", "b.y > out.y"),
    };
    const base = fineTuned();
    const nodes = [...base.nodes, node("stage", "block:pair", { repeat: 2 })];
    const edges = [...base.edges.filter(({ to }) => to !== "first.x"), ...wires("data.x > stage.x", "stage.y > first.x")];
    const { document, checked } = open({ ...base, nodes, edges, blocks: { pair: block } });
    const update = (frozen: readonly string[], from = document) => {
      const phases = freeze(from, checked, new Set(frozen))?.training?.phases;
      return phases?.[0]?.update;
    };
    expect(update(["stage/0/a", "stage/0/b"])).toEqual(["stage/1", "first", "linear2", "head"]);
    expect(update(["stage/0/a"])).toEqual(["stage/0/b", "stage/1", "first", "linear2", "head"]);
    const some = {
      ...document,
      training: { ...document.training, phases: [{ minimise: "loss", update: ["stage"], optimiser: { type: "sgd", rate: 1 } as const }] },
    };
    expect(update(["stage/0/a", "stage/0/b"], some)).toEqual(["stage/1"]);
    expect(trainingPlan(document, checked).ok).toBe(true);
  });
});
