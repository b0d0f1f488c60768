import { describe, expect, test } from "vitest";
import { createInferEnv, datasetSources } from "../../src/data/catalogue.ts";
import { loadDataset } from "../../src/data/load.ts";
import type { Dataset, DatasetInfo, Split } from "../../src/tensor/dataset.ts";
import { elementsPerExample } from "../../src/tensor/types.ts";
import { testReader } from "./reader.ts";

const splits: readonly Split[] = ["train", "validation", "test"];

/** Loads each data set once for all tests of this file. */
const loaded = new Map<string, Promise<Dataset>>();
const whole = (name: string): Promise<Dataset> => {
  const known = loaded.get(name) ?? loadDataset({ name, validation: 0, seed: 1 }, testReader());
  loaded.set(name, known);
  return known;
};
const names = [...datasetSources.keys()];
const bytes = (values: Float32Array | Int32Array | undefined) =>
  values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : Buffer.alloc(0);

describe.each([...datasetSources])("%s", (name, { info }) => {
  test("says beforehand how many examples it will give", async () => {
    const dataset = await whole(name);
    expect(dataset.info).toEqual(info);
    for (const split of splits) expect(dataset.splits[split].count).toBe(info.counts[split]);
  });

  test("gives every port the numbers, the type and the range it declares", async () => {
    const dataset = await whole(name);
    for (const split of splits) {
      const { count, ports } = dataset.splits[split];
      const { graphs } = dataset.splits[split];
      // Which graph a node belongs to is counted in each batch.
      expect(Object.keys(ports)).toEqual(Object.keys(info.ports).filter((port) => !graphs || port !== "graph"));
      for (const [port, type] of Object.entries(info.ports)) {
        const values = Array.from(ports[port] ?? []);
        if (graphs && typeof type.shape[0] === "string") continue;
        expect(values.length).toBe(count * elementsPerExample(type.shape));
        expect(ports[port]).toBeInstanceOf(type.dtype === "int32" ? Int32Array : Float32Array);
        expect(values.every(Number.isFinite)).toBe(true);
        const { classes } = type;
        if (classes === undefined) continue;
        expect(values.every((value) => value >= 0 && value < classes)).toBe(true);
        if (type.view === "label" || type.view === "text") expect(type.names).toHaveLength(classes);
      }
    }
  });

  test("is the same every time, and its hash does not depend on what is set aside", async () => {
    const one = await whole(name);
    const two = await loadDataset({ name, validation: 0.3, seed: 9 }, testReader());
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(two.hash).toBe(one.hash);
    for (const port of Object.keys(info.ports)) expect(bytes(two.splits.test.ports[port]).equals(bytes(one.splits.test.ports[port]))).toBe(true);
  });
});

const labelled = [...datasetSources.values()].filter(({ info }) => info.ports.label !== undefined && info.name !== "moby-dick");
test.each(labelled.map(({ info }) => info.name))("%s has all its classes in training and in the test", async (name) => {
  const dataset = await whole(name);
  for (const split of ["train", "test"] as const) expect(new Set(dataset.splits[split].ports.label).size).toBe(dataset.info.ports.label?.classes);
});

test("data sets have different hashes", async () => {
  const hashes = await Promise.all(names.map(async (name) => (await whole(name)).hash));
  expect(new Set(hashes).size).toBe(names.length);
});

describe("validation examples", () => {
  test("are taken from training, chosen by the seed, and share none with it", async () => {
    const load = (seed: number) => loadDataset({ name: "mnist1d", validation: 0.25, seed }, testReader());
    const [one, again, other] = await Promise.all([load(1), load(1), load(2)]);
    expect([one?.splits.train.count, one?.splits.validation.count]).toEqual([3000, 1000]);
    expect(one?.info.counts).toEqual({ train: 3000, validation: 1000, test: 1000 });
    expect(again?.splits.validation).toEqual(one?.splits.validation);
    expect(other?.splits.validation.ports.x).not.toEqual(one?.splits.validation.ports.x);
    const first = (dataset: Dataset | undefined, split: Split, i: number) => String(dataset?.splits[split].ports.x?.slice(i * 40, i * 40 + 40));
    const training = new Set(Array.from({ length: 3000 }, (_, i) => first(one, "train", i)));
    expect(Array.from({ length: 1000 }, (_, i) => first(one, "validation", i)).some((example) => training.has(example))).toBe(false);
  });

  test("of a text are its last windows before the test, so that they are unseen", async () => {
    const all = await whole("moby-dick");
    const some = await loadDataset({ name: "moby-dick", validation: 0.1, seed: 1 }, testReader());
    expect(bytes(some.splits.validation.ports.x).equals(bytes(all.splits.train.ports.x?.subarray(-some.splits.validation.count * 64)))).toBe(true);
  });

  test("never take the whole of training", async () => {
    const dataset = await loadDataset({ name: "iris", validation: 7, seed: 1 }, testReader());
    expect(dataset.info.counts).toEqual({ train: 60, validation: 60, test: 30 });
  });
});

describe("what the checker may ask", () => {
  const mine: DatasetInfo = { name: "mine.csv", title: "mine.csv", about: "", ports: {}, counts: { train: 1, validation: 0, test: 1 } };
  const env = createInferEnv(
    (name, { target }) => (name === "mine.csv" ? { ...mine, title: `predicts ${target}` } : undefined),
    () => ["mine.csv"],
  );

  test("Netloom's own data sets by name", () => expect(env.dataset("digits")?.ports.x?.shape).toEqual([8, 8, 1]));
  test("the user's by name and target", () => expect(env.dataset("mine.csv", { target: "price" })?.title).toBe("predicts price"));
  test("nothing for an unknown name, not even one that objects have", () => {
    expect(env.dataset("constructor")).toBeUndefined();
    expect(createInferEnv().dataset("mine.csv")).toBeUndefined();
  });
  test("which columns of the user's tables may be predicted, and why a file is of no use", () => {
    const facts = createInferEnv(undefined, undefined, { targets: () => ["price"], fault: (name) => (name === "bad.csv" ? "line 3: …" : undefined) });
    expect(facts.datasetTargets("mine.csv")).toEqual(["price"]);
    expect(facts.datasetFault("bad.csv")).toBe("line 3: …");
    expect(env.datasetTargets("mine.csv")).toEqual([]);
    expect(env.datasetFault("mine.csv")).toBeUndefined();
  });
  test("all names, the user's last", () => expect(env.datasetNames()).toEqual([...datasetSources.keys(), "mine.csv"]));
});

test("a data set that is neither Netloom's nor the user's fails with the reader's message", async () => {
  await expect(loadDataset({ name: "gone.csv", validation: 0, seed: 1 }, testReader())).rejects.toThrow('There is no file "gone.csv" any more.');
});
