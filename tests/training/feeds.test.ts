import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Feed } from "../../src/compiler/plan.ts";
import type { Dataset, SplitData } from "../../src/tensor/dataset.ts";
import { f32 } from "../../src/tensor/types.ts";
import { createFeeds, drawingOf } from "../../src/training/feeds.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Examples that are their own numbers. */
function counting(name: string, train: number, test = 0, whole = false): Dataset {
  const split = (count: number): SplitData => ({
    count: whole ? Math.min(1, count) : count,
    ports: { x: Float32Array.from({ length: count }, (_, i) => i) },
  });
  const splits = { train: split(train), validation: split(0), test: split(test) };
  const ports = { x: whole ? f32(train) : f32() };
  return { info: { name, title: name, about: "", ports, counts: { train, validation: 0, test }, whole }, splits, hash: name };
}
const feed = (path: string, dataset: Dataset): Feed => {
  const shape = dataset.info.whole ? (dataset.info.ports.x?.shape ?? []) : ["batch"];
  return { key: `${path}.x`, path, port: "x", type: { shape, dtype: "float32" } };
};

function trainingOf(sets: Readonly<Record<string, Dataset>>, steps: number, options = { batch: 4, seed: 1 }) {
  const datasets = new Map(Object.entries(sets));
  const feeds = createFeeds(datasets, drawingOf(datasets, options));
  const wanted = Object.entries(sets).map(([path, dataset]) => feed(path, dataset));
  const seen = Array.from({ length: steps }, (_, step) =>
    Object.fromEntries(feeds.trainingValues(wanted, step).map(({ key, values }) => [key, Array.from(values)])),
  );
  return { feeds, wanted, seen };
}

describe("training batches", () => {
  it("show every example once in an epoch, in another order the next time", () => {
    const { feeds, seen } = trainingOf({ a: counting("a", 12) }, 6);
    expect(feeds.stepsPerEpoch).toBe(3);
    const [first, second] = [seen.slice(0, 3), seen.slice(3)].map((steps) => steps.flatMap((fed) => fed["a.x"] ?? []));
    expect(first?.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(second?.toSorted((x, y) => x - y)).toEqual(first?.toSorted((x, y) => x - y));
    expect(second).not.toEqual(first);
  });

  it("are shared by nodes of the same set, and drawn apart for different sets of the same size", () => {
    const set = counting("same", 20);
    const { seen } = trainingOf({ a: set, b: set, c: counting("other", 20) }, 3);
    for (const fed of seen) {
      expect(fed["a.x"]).toEqual(fed["b.x"]);
      expect(fed["a.x"]).not.toEqual(fed["c.x"]);
    }
  });

  it("are as large as the smallest set allows", () => {
    expect(trainingOf({ a: counting("a", 3), b: counting("b", 50) }, 1).feeds.batch).toBe(3);
  });

  it("hold all of a set that is one whole", () => {
    const { seen, feeds } = trainingOf({ graph: counting("graph", 5, 5, true) }, 2);
    expect(seen.map((fed) => fed["graph.x"])).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(feeds.evaluations("test")).toBe(1);
    expect(feeds.evaluations("validation")).toBe(0);
  });
});

describe("evaluation batches", () => {
  it("cover a split in order, the last one short, up to a limit", () => {
    const { feeds, wanted } = trainingOf({ a: counting("a", 8, 10) }, 0);
    expect(feeds.evaluations("test")).toBe(3);
    expect(feeds.evaluations("test", 5)).toBe(2);
    const read = (index: number, limit?: number) =>
      tf.tidy(() => Array.from(feeds.evaluation(wanted, "test", index, limit).feeds["a.x"]?.dataSync() ?? []));
    expect(read(2)).toEqual([8, 9]);
    expect(read(1, 5)).toEqual([4]);
    expect(feeds.evaluations("validation")).toBe(0);
  });

  it("take previews from held-out examples where there are some", () => {
    const sample = (dataset: Dataset) => {
      const { feeds, wanted } = trainingOf({ a: dataset }, 0);
      return tf.tidy(() => Array.from(feeds.sample(wanted, 3).feeds["a.x"]?.dataSync() ?? []));
    };
    expect(sample(counting("a", 8, 2))).toEqual([0, 1]);
    expect(sample(counting("a", 8))).toEqual([0, 1, 2]);
  });
});
