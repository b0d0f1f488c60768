import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consecutive, createBatches, gather } from "../../src/data/batches.ts";
import { loadDataset } from "../../src/data/load.ts";
import { classCounts, sampleDataset } from "../../src/data/samples.ts";
import type { SplitData } from "../../src/tensor/dataset.ts";
import { testReader } from "./reader.ts";

const split = (count: number): SplitData => ({
  count,
  ports: { x: Float32Array.from({ length: count * 3 }, (_, i) => i), label: Int32Array.from({ length: count }, (_, i) => i % 5) },
});
const sizes = { count: fc.integer({ min: 1, max: 200 }), batch: fc.integer({ min: 1, max: 250 }), seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }) };

describe("training batches", () => {
  test("show every example at most once an epoch, and leave out fewer than a batch", () => {
    fc.assert(
      fc.property(sizes.count, sizes.batch, sizes.seed, fc.integer({ min: 0, max: 5 }), (count, batch, seed, epoch) => {
        const batches = createBatches({ count, batch, seed });
        const seen = Array.from({ length: batches.stepsPerEpoch }, (_, i) => [...batches.indices(epoch * batches.stepsPerEpoch + i)]).flat();
        expect(new Set(seen).size).toBe(seen.length);
        expect(count - seen.length).toBeLessThan(batches.batch);
        expect(seen.every((i) => i >= 0 && i < count)).toBe(true);
      }),
    );
  });

  test("are a function of seed and step: a resumed run sees what it would have seen", () => {
    fc.assert(
      fc.property(
        sizes.count,
        sizes.batch,
        sizes.seed,
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 8 }),
        (count, batch, seed, steps) => {
          const one = createBatches({ count, batch, seed });
          for (const step of steps) expect(createBatches({ count, batch, seed }).indices(step)).toEqual(one.indices(step));
        },
      ),
    );
  });

  test("come in another order each epoch and for another seed", () => {
    const batches = createBatches({ count: 100, batch: 100, seed: 1 });
    expect(batches.indices(0)).not.toEqual(batches.indices(1));
    expect(batches.indices(0)).not.toEqual(createBatches({ count: 100, batch: 100, seed: 2 }).indices(0));
  });

  test("all have the size asked for, or that of the whole split if it is smaller", () => {
    expect(createBatches({ count: 105, batch: 25, seed: 1 }).indices(3)).toHaveLength(25);
    expect(createBatches({ count: 7, batch: 25, seed: 1 })).toMatchObject({ batch: 7, stepsPerEpoch: 1 });
  });

  test("cannot be made of nothing", () => expect(() => createBatches({ count: 0, batch: 1, seed: 1 })).toThrow("no examples"));
});

describe("gather", () => {
  test("copies the elements of each example, in the order asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 30 }), (list) => {
        const indices = Int32Array.from(list);
        expect([...gather(split(20), "x", 3, indices)]).toEqual(list.flatMap((i) => [3 * i, 3 * i + 1, 3 * i + 2]));
        expect(gather(split(20), "label", 1, indices)).toEqual(indices.map((i) => i % 5));
      }),
    );
  });

  test("of consecutive examples needs no copy", () => {
    const examples = split(20);
    const values = consecutive(examples, "x", 3, 5, 4);
    expect(values).toEqual(gather(examples, "x", 3, Int32Array.of(5, 6, 7, 8)));
    expect(values.buffer).toBe(examples.ports.x?.buffer);
  });

  test("says which ports there are when asked for another", () =>
    expect(() => gather(split(2), "y", 1, Int32Array.of(0))).toThrow('no port "y"; it has x, label'));
});

describe("the data panel's samples", () => {
  const load = (name: string) => loadDataset({ name, validation: 0, seed: 1 }, testReader());

  test("are whole examples, with label and picture belonging together", async () => {
    const dataset = await load("digits");
    const samples = sampleDataset(dataset, "test", 6, 3);
    expect(samples.ports.x?.values).toHaveLength(6 * 64);
    expect(new Set(samples.indices).size).toBe(6);
    samples.indices.forEach((index, i) => {
      expect(samples.ports.label?.values[i]).toBe(dataset.splits.test.ports.label?.[index]);
      expect(samples.ports.x?.values.slice(i * 64, i * 64 + 64)).toEqual(dataset.splits.test.ports.x?.slice(index * 64, index * 64 + 64));
    });
    expect(sampleDataset(dataset, "test", 6, 3)).toEqual(samples);
  });

  test("of a graph are the graph, of an empty split nothing", async () => {
    const karate = await load("karate");
    expect(sampleDataset(karate, "train", 6, 1).ports.edges?.values).toHaveLength(156 * 2);
    expect(sampleDataset(karate, "validation", 6, 1).ports.edges?.values).toHaveLength(0);
    expect(sampleDataset(await load("moons"), "validation", 6, 1).indices).toHaveLength(0);
  });

  test("counts of classes bear names, add up, and keep to a graph's mask", async () => {
    expect(classCounts(await load("iris"), "test")).toEqual(["setosa", "versicolor", "virginica"].map((name) => ({ name, count: 10 })));
    const karate = await load("karate");
    expect(classCounts(karate, "train").map(({ count }) => count)).toEqual([1, 1]);
    expect(classCounts(karate, "test").map(({ count }) => count)).toEqual([16, 16]);
    expect(classCounts(karate, "validation").map(({ count }) => count)).toEqual([0, 0]);
    expect(classCounts(await load("moby-dick"), "train")).toEqual([]);
  });
});
