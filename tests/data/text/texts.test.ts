import { describe, expect, it } from "vitest";
import { bundledInfo, createInferEnv, datasetSources, userInfo } from "../../../src/data/catalogue.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { createTokenizer } from "../../../src/data/text/tokenizer.ts";
import { describeUserData } from "../../../src/data/user.ts";
import { isProblem } from "../../../src/layers/contract.ts";
import { dataset as datasetLayer } from "../../../src/layers/data/dataset.ts";
import type { Dataset, DatasetOptions } from "../../../src/tensor/dataset.ts";
import { testReader, utf8 } from "../reader.ts";

const story = Array.from({ length: 400 }, (_, i) => `Day ${i}: the sea was calm, und das Schiff fuhr weiter… 船\n`).join("");
const settings: readonly DatasetOptions[] = [
  {},
  { length: 20 },
  { tokens: "bytes" },
  { tokens: "pairs" },
  { tokens: "pairs", vocabulary: 300, length: 33 },
];
const textOf = (dataset: Dataset, port: string, split: "train" | "test", from: number, to: number) =>
  createTokenizer(dataset.coding ?? { kind: "bytes" }).decode(dataset.splits[split].ports[port]?.subarray(from, to) ?? []);

describe.each([
  ["moby-dick", (options: DatasetOptions) => bundledInfo("moby-dick", options)],
  [
    "story.txt",
    async (options: DatasetOptions) => {
      const described = await describeUserData("story.txt", utf8(story));
      return described.ok ? userInfo({ ...described, byTarget: described.infos }, options) : undefined;
    },
  ],
] as const)("%s", (name, describeAs) => {
  it.each(settings)("says beforehand what it gives under %j", async (options) => {
    const info = await describeAs(options);
    const dataset = await loadDataset({ name, options, validation: 0, seed: 1 }, testReader({ "story.txt": utf8(story) }));
    for (const [port, type] of Object.entries(info?.ports ?? {})) {
      expect(dataset.info.ports[port]).toMatchObject({ shape: type.shape, dtype: type.dtype, classes: type.classes });
      expect(dataset.info.ports[port]?.names).toHaveLength(type.classes ?? 0);
    }
    expect(dataset.info.counts).toEqual(info?.counts);
    for (const split of ["train", "test"] as const) {
      const { count, ports } = dataset.splits[split];
      expect(count).toBe(info?.counts[split]);
      expect(count).toBeGreaterThan(0);
      const size = options.length ?? 64;
      for (const at of [0, count - 1]) {
        const window = (port: string) => ports[port]?.subarray(at * size, (at + 1) * size) ?? new Int32Array();
        expect([...window("label").subarray(0, -1)]).toEqual([...window("x").subarray(1)]);
      }
    }
  });
});

describe("a person's text", () => {
  const reader = testReader({ "story.txt": utf8(`﻿${story.replaceAll("\n", "\r\n")}`) });

  it("is read as it stands, without byte-order mark, with simple line ends", async () => {
    const dataset = await loadDataset({ name: "story.txt", options: { tokens: "pairs" }, validation: 0, seed: 1 }, reader);
    expect(story.startsWith(textOf(dataset, "x", "train", 0, 64))).toBe(true);
    expect(story.endsWith(textOf(dataset, "label", "test", -64, dataset.splits.test.ports.label?.length ?? 0))).toBe(true);
  });

  it("that is not UTF-8, binary, too short or empty is refused, with the line where it can be told", async () => {
    const problems = async (bytes: Uint8Array) => {
      const outcome = await describeUserData("story.txt", bytes);
      return outcome.ok ? [] : outcome.problems;
    };
    const latin = new Uint8Array([...utf8("one\ntwo\nthr"), 0xe9, ...utf8("e\n")]);
    expect(await problems(latin)).toMatchObject([{ line: 3, message: expect.stringContaining("UTF-8") }]);
    expect(await problems(new Uint8Array([...utf8("one\n"), 0, 1]))).toMatchObject([{ line: 2, message: expect.stringContaining("binary") }]);
    expect(await problems(utf8("too short"))).toMatchObject([{ message: expect.stringContaining("1000") }]);
    expect(await problems(new Uint8Array())).toMatchObject([{ line: 1 }]);
  });

  it("too short for its examples is a problem of the node, which offers the usual length", async () => {
    const described = await describeUserData("story.txt", utf8(story.slice(0, 2000)));
    if (!described.ok) throw new Error("It is a text.");
    const env = createInferEnv((_, options) => userInfo({ ...described, byTarget: described.infos }, options));
    const infer = (length: number) => datasetLayer.infer({}, datasetLayer.params.parse({ name: "story.txt", length }), env);
    expect(isProblem(infer(100))).toBe(false);
    expect(infer(4096)).toMatchObject({ received: "4096 tokens", mend: { params: { length: 0 } } });
  });

  it("that merging leaves too little of for one example says so when it is loaded", async () => {
    const drone = testReader({ "drone.txt": utf8("sea ".repeat(400)) });
    const load = loadDataset({ name: "drone.txt", options: { tokens: "pairs", length: 400 }, validation: 0, seed: 1 }, drone);
    await expect(load).rejects.toThrow("shorter examples");
  });

  it("is a table only by another name", async () => {
    const bytes = utf8(`a,b\n${"1,x\n2,y\n".repeat(200)}`);
    expect(await describeUserData("t.txt", bytes)).toMatchObject({ ok: true, preview: { kind: "text" } });
    expect(await describeUserData("t.csv", bytes)).toMatchObject({ ok: true, preview: { kind: "table" } });
  });
});

it("the settings that a text heeds are vocabulary only in pairs", () => {
  expect(datasetSources.get("moby-dick")?.info.uses).toEqual(["length", "tokens"]);
  expect(bundledInfo("moby-dick", { tokens: "pairs" })?.uses).toContain("vocabulary");
});
