import { expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { testReader } from "./reader.ts";

it("subject lines begin with the start token, and the mask covers what is written", async () => {
  const { info, splits } = await loadDataset({ name: "spam", validation: 0, seed: 1 }, testReader());
  const { ports } = splits.test;
  const names = info.ports.x?.names ?? [];
  const lines = Array.from({ length: 700 }, (_, row) => {
    const tokens = [...(ports.x?.subarray(row * 64, (row + 1) * 64) ?? [])];
    const mask = [...(ports.mask?.subarray(row * 64, (row + 1) * 64) ?? [])];
    expect(mask).toEqual(tokens.map((token) => (token === 0 ? 0 : 1)));
    return tokens.map((token) => names[token]).join("");
  });
  expect(lines.every((line) => /^‹[^·‹]{6,63}·*$/.test(line))).toBe(true);
  const share = (of: RegExp, label: number) => lines.filter((line, row) => ports.label?.[row] === label && of.test(line)).length;
  expect(share(/free|money|\$/, 1)).toBeGreaterThan(3 * share(/free|money|\$/, 0));
});

it("the same lines are there in the novel's alphabet, each between two line ends", async () => {
  const { info, splits } = await loadDataset({ name: "spam-moby-dick", validation: 0, seed: 1 }, testReader());
  const novel = await loadDataset({ name: "moby-dick", validation: 0, seed: 1 }, testReader());
  expect(info.ports.x?.names).toEqual(novel.info.ports.x?.names);
  const { ports } = splits.train;
  const original = (await loadDataset({ name: "spam", validation: 0, seed: 1 }, testReader())).splits.train.ports;
  expect(ports.label).toEqual(original.label);
  const text = (values: Float32Array | Int32Array | undefined, names: readonly string[] | undefined, width: number, row: number) =>
    [...(values?.subarray(row * width, (row + 1) * width) ?? [])].map((token) => names?.[token]).join("");
  const { names } = (await loadDataset({ name: "spam", validation: 0, seed: 1 }, testReader())).info.ports.x ?? {};
  for (const row of [0, 17, 2000]) {
    const line = text(ports.x, info.ports.x?.names, 32, row);
    expect(line.startsWith("\n")).toBe(true);
    const written = text(original.x, names, 64, row)
      .replace(/[‹·]/g, "")
      .replace(/[#$%&*+/]/g, " ")
      .slice(0, 31);
    expect(line.replace(/^\n|\n+$/g, "")).toBe(written);
  }
});
