import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { meanAndDeviation } from "../../src/data/signal.ts";
import { describeUserData } from "../../src/data/user.ts";
import { testReader, utf8 } from "./reader.ts";

/** 100 flats: price follows size; two towns; a remark on each; sometimes no age. */
const flats = utf8(
  [
    "id,size,age,town,rooms,price,remark",
    ...Array.from(
      { length: 100 },
      (_, i) => `${i + 1},${20 + i},${i % 10 === 3 ? "" : i % 7},${i % 4 ? "Rome" : "Oslo"},${1 + (i % 3)},${1000 + 37.5 * i},no. ${i}`,
    ),
  ].join("\n"),
);
const describeFlats = async (target?: string) => {
  const outcome = await describeUserData("flats.csv", flats, target === undefined ? {} : { target });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome;
};
const loadFlats = (target: string) =>
  loadDataset({ name: "flats.csv", options: { target }, validation: 0, seed: 1 }, testReader({ "flats.csv": flats }));

describe("a user's table", () => {
  test("becomes features and a label where the target has categories", async () => {
    const { info, target } = await describeFlats();
    expect(target).toBe("town");
    expect(info.ports.x).toMatchObject({ shape: [4], names: ["size", "age", "rooms", "price"] });
    expect(info.ports.label).toMatchObject({ dtype: "int32", shape: [], classes: 2, names: ["Oslo", "Rome"] });
    expect(info.counts).toEqual({ train: 80, validation: 0, test: 20 });
  });

  test("becomes features and a number where the target is one, categories one-hot", async () => {
    const { info } = await describeFlats("price");
    expect(info.ports.x?.names).toEqual(["size", "age", "town = Oslo", "town = Rome", "rooms"]);
    expect(info.ports.target).toMatchObject({ dtype: "float32", shape: [1] });
    expect(info.about).toMatch(/The target is \(price − [\d.]+\) \/ [\d.]+\./);
  });

  test("takes few whole numbers as classes", async () => expect((await describeFlats("rooms")).info.ports.label?.names).toEqual(["1", "2", "3"]));

  test("tells the facts for every column that may be the target", async () => {
    const { infos } = await describeFlats();
    expect([...infos.keys()]).toEqual(["size", "age", "town", "rooms", "price"]);
    expect(infos.get("price")).toEqual((await describeFlats("price")).info);
  });

  test("is shown as it stands in the file, with notes on what was left out or mended", async () => {
    const { preview } = await describeFlats();
    if (preview.kind !== "table") throw new Error("not a table");
    expect(preview.rows[0]).toEqual(["1", "20", "0", "Oslo", "1", "1000", "no. 0"]);
    expect(preview.columns[2]).toEqual({ name: "age", kind: "number", missing: 10 });
    expect(preview.notes).toHaveLength(3);
  });

  test("loads as described, with mean 0 and deviation 1 over the training rows", async () => {
    const dataset = await loadFlats("price");
    expect(dataset.info).toEqual((await describeFlats("price")).info);
    const x = dataset.splits.train.ports.x as Float32Array;
    const column = (i: number) => [...x].filter((_, at) => at % 5 === i);
    expect(meanAndDeviation(column(0)).mean).toBeCloseTo(0, 5);
    expect(meanAndDeviation(column(0)).deviation).toBeCloseTo(1, 5);
    expect(column(2).map((oslo, row) => oslo + (column(3)[row] as number))).toEqual(new Array(80).fill(1));
    // Price is linear in size, so standardised they are one and the same.
    dataset.splits.test.ports.target?.forEach((price, row) => {
      expect(price).toBeCloseTo(dataset.splits.test.ports.x?.[row * 5] as number, 4);
    });
  });

  test("puts the mean where a value is missing, and leaves out rows without a target", async () => {
    const dataset = await loadFlats("age");
    expect(dataset.info.counts.train + dataset.info.counts.test).toBe(90);
    const town = await loadFlats("town");
    const ages = [...(town.splits.train.ports.x ?? [])].filter((_, at) => at % 4 === 1);
    expect(ages.filter((age) => age === 0).length).toBeGreaterThan(0);
    expect(ages.every(Number.isFinite)).toBe(true);
  });

  test("keeps the share of each class in the test", async () =>
    expect([...((await loadFlats("town")).splits.test.ports.label ?? [])].filter((label) => label === 0)).toHaveLength(5));

  test("with a column of one value only stays finite", async () => {
    const text = utf8(`a,b,c\n${"1,2,x\n1,3,y\n".repeat(5)}`);
    const dataset = await loadDataset({ name: "t", validation: 0, seed: 1 }, testReader({ t: text }));
    expect([...(dataset.splits.train.ports.x ?? [])].every(Number.isFinite)).toBe(true);
  });
});

describe("a table that cannot be used says why", () => {
  const firstProblem = async (text: string, target?: string) => {
    const outcome = await describeUserData("t.csv", utf8(text), target === undefined ? {} : { target });
    return outcome.ok ? undefined : outcome.problems[0]?.message;
  };
  test("an unknown target, with those there are", async () =>
    expect(await firstProblem("a,b\n1,x\n2,y\n", "c")).toBe('No column "c" can be predicted; those that can are "a", "b".'));
  test("nothing left to predict from", async () => expect(await firstProblem("a\n1\n2\n")).toContain("nothing is left to predict it from"));
  test("one class only", async () =>
    expect(await firstProblem(`a,b\n${"1,x\n".repeat(6)}`)).toBe('"b" is "x" in every row: there is nothing to tell apart.'));
  test("too few rows", async () => expect(await firstProblem("a,b\n1,x\n2,y\n")).toContain("Only 2 rows"));
  test("on loading, in one sentence with file and line", async () => {
    const reader = testReader({ "bad.csv": utf8("a,b\n1,2\n3\n") });
    await expect(loadDataset({ name: "bad.csv", validation: 0, seed: 1 }, reader)).rejects.toThrow(
      '"bad.csv" cannot be used as data: line 3: The row has 1 cell, the first line 2. Fill in the missing ones; they may be empty.',
    );
  });
});
