import { describe, expect, it } from "vitest";
import { withDataset } from "../../renderer/data/put-in-graph.ts";
import { lostDevice } from "../../renderer/engine/gpu-loss.ts";
import { linesFor, valueAt } from "../../renderer/training/lines.ts";
import { addPhase, movePhase, optimiserOfType, removePhase, setPhase, setTraining, withBound } from "../../renderer/training/settings-edits.ts";
import type { NetloomDocument, Phase } from "../../src/document/schema.ts";
import type { RunRecord } from "../../src/host/contract.ts";

const empty: NetloomDocument = { netloom: 1, name: "net", nodes: [], edges: [] };
const adam: Phase = { minimise: "loss", optimiser: { type: "adam", rate: 0.001 } };

describe("training settings", () => {
  it("write the default phase down when it is first changed", () => {
    const changed = setPhase(0, adam, { clipNorm: 1 })(empty);
    expect(changed.training?.phases).toEqual([{ ...adam, clipNorm: 1 }]);
  });

  it("take a field out again, so that its default holds", () => {
    const set = setTraining({ evaluateEvery: 50 })(empty);
    expect(set.training).toEqual({ evaluateEvery: 50 });
    expect(setTraining({ evaluateEvery: undefined })(set).training).toEqual({});
  });

  it("keep rate and decay when the optimiser changes, and nothing that it does not know", () => {
    expect(optimiserOfType("adamw", { type: "sgd", rate: 0.1, momentum: 0.9, weightDecay: 0.01 })).toEqual({
      type: "adamw",
      rate: 0.1,
      weightDecay: 0.01,
    });
  });

  it("put bounds in, change them and take them out; with the last one the list goes", () => {
    const clip = { type: "clip", most: 0.01 } as const;
    const spectral = { type: "spectral", most: 1, nodes: ["critic"] } as const;
    const two = withBound([clip], undefined, { ...spectral, nodes: [...spectral.nodes] });
    expect(two).toEqual([clip, spectral]);
    expect(withBound(two ?? [], 0, { ...clip, most: 0.1 })).toEqual([{ ...clip, most: 0.1 }, spectral]);
    expect(withBound(two ?? [], 0, undefined)).toEqual([spectral]);
    expect(withBound([clip], 0, undefined)).toBeUndefined();
  });

  it("add, move and remove phases; the last one removed leaves the default", () => {
    const other: Phase = { ...adam, minimise: "critic" };
    const two = addPhase(other, [adam])(empty);
    expect(two.training?.phases?.map((phase) => phase.minimise)).toEqual(["loss", "critic"]);
    expect(movePhase(1, -1)(two).training?.phases?.map((phase) => phase.minimise)).toEqual(["critic", "loss"]);
    expect(movePhase(0, -1)(two)).toBe(two);
    expect(removePhase(0)(removePhase(0)(two)).training?.phases).toBeUndefined();
  });
});

describe("a data set put in the graph", () => {
  it("takes the place of the one that is there, with its target", () => {
    const document: NetloomDocument = { ...empty, nodes: [{ id: "d", type: "dataset", params: { name: "moons", target: "old", validation: 0.1 } }] };
    const { document: changed, node } = withDataset(document, "pets.csv", "kind", []);
    expect(node).toBe("d");
    expect(changed.nodes[0]?.params).toEqual({ name: "pets.csv", target: "kind", validation: 0.1 });
    expect(withDataset(changed, "moons", undefined, []).document.nodes[0]?.params).toEqual({ name: "moons", validation: 0.1 });
  });

  it("goes into the selected node where there are several", () => {
    const two: NetloomDocument = { ...empty, nodes: ["a", "b"].map((id) => ({ id, type: "dataset", params: { name: "moons" } })) };
    expect(withDataset(two, "rings", undefined, ["b"]).document.nodes.map((node) => node.params?.name)).toEqual(["moons", "rings"]);
  });

  it("is a new node, left of all others, where there is none", () => {
    const document: NetloomDocument = { ...empty, nodes: [{ id: "data", type: "dense", at: [300, 50] }] };
    const { document: changed, node } = withDataset(document, "moons", undefined, []);
    expect(node).toBe("data2");
    expect(changed.nodes[1]).toEqual({ id: "data2", type: "dataset", params: { name: "moons" }, at: [40, 50] });
  });
});

describe("the lines of a chart", () => {
  const series = (values: number[]) => ({ steps: values.map((_, i) => i * 10), values });
  const measure = { name: "ce", title: "Cross-entropy", better: "lower", share: false, role: "loss" } as const;

  it("are the run's splits, then each compared run's held-out curve, dashed", () => {
    const curves = new Map([
      ["train/ce", series([2, 1])],
      ["test/ce", series([3])],
    ]);
    const compared = {
      id: "r1",
      name: "Run 1",
      curves: new Map([
        ["test/ce", series([4])],
        ["train/ce", series([5])],
      ]),
      document: undefined,
      figures: {},
    };
    const lines = linesFor(measure, curves, [compared]);
    expect(lines.map(({ label, dashed, series: { values } }) => [label, dashed, values])).toEqual([
      ["train", false, [2, 1]],
      ["test", false, [3]],
      ["Run 1", true, [4]],
    ]);
  });

  it("have at a step the last value before it", () => {
    const line = series([5, 6, 7]);
    expect([valueAt(line, -1), valueAt(line, 0), valueAt(line, 15), valueAt(line, 99)]).toEqual([undefined, 5, 6, 7]);
  });
});

describe("a failure on the graphics card", () => {
  const run = (backend: string): RunRecord => ({
    id: "a",
    name: "Run 1",
    document: "",
    documentHash: "",
    dataHash: "",
    seed: 1,
    batch: 1,
    backend,
    created: 0,
    state: "failed",
    step: 0,
    steps: 1,
    parameters: 0,
    seconds: 0,
    figures: {},
  });
  it("is taken for a lost device only where one was in use and the words say so", () => {
    const failure = { message: "The WebGL context was lost." };
    expect(lostDevice({ state: "failed", failure, run: run("WebGL") })).toBe(true);
    expect(lostDevice({ state: "failed", failure, run: run("WASM") })).toBe(false);
    expect(lostDevice({ state: "failed", failure: { message: '"loss" gave NaN in step 8.' }, run: run("WebGPU") })).toBe(false);
  });
});
