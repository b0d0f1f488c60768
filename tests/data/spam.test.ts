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
