import { describe, expect, test } from "vitest";
import { commonFields, expressionValue, paramText, readParam } from "../../renderer/editor/params.ts";
import { describeParams, type ParamField } from "../../src/layers/describe.ts";
import { registry } from "../../src/layers/registry.ts";

const field = (type: string, name: string): ParamField => {
  const layer = registry.get(type);
  const found = layer && describeParams(layer).find((one) => one.name === name);
  if (!found) throw new Error(`no ${name} in ${type}`);
  return found;
};
const filters = field("conv2d", "filters");
const kernel = field("conv2d", "kernel");
const scope = { channels: 8, wide: true, mode: "same" };

describe("a parameter's field", () => {
  test("reads numbers as numbers", () => {
    expect(readParam(filters, "32", {})).toEqual({ ok: true, value: 32 });
    expect(readParam(filters, " 7 ", {})).toEqual({ ok: true, value: 7 });
  });

  test("an empty field means the default", () => {
    expect(readParam(filters, "", {})).toEqual({ ok: true, value: undefined });
  });

  test("keeps arithmetic over the block's parameters as it was typed, and shows what it comes to", () => {
    expect(readParam(filters, "4 * channels", scope)).toEqual({ ok: true, value: "4 * channels" });
    expect(expressionValue("4 * channels", scope)).toBe("= 32");
    expect(expressionValue(32, scope)).toBeUndefined();
  });

  test.each([
    ["0", "At least 1."],
    ["2.5", "whole"],
    ["channels / 3", "whole"],
    ["colour", "colour"],
    ["4 *", "too early"],
    ["-4", "At least"],
  ])("explains why %s cannot be", (text, part) => {
    const read = readParam(filters, text, scope);
    expect(read.ok ? "" : read.message).toContain(part);
  });

  test.each([
    ["3", 3],
    ["3, 5", [3, 5]],
    ["3 × 5", [3, 5]],
    ["3x5", [3, 5]],
    ["[3, 5]", [3, 5]],
    ["channels, 3", ["channels", 3]],
  ])("reads an extent written %s", (text, value) => {
    expect(readParam(kernel, text, scope)).toEqual({ ok: true, value });
  });

  test("an extent has one number, or one for each axis", () => {
    const read = readParam(kernel, "1, 2, 3", scope);
    expect(read.ok ? "" : read.message).toContain("one for each axis");
  });

  test("every parameter of every layer shows its default in a form it reads back", () => {
    for (const layer of registry.values())
      for (const one of describeParams(layer)) {
        const shown = paramText(one.default as Parameters<typeof paramText>[0]);
        const read = readParam(one, shown, {});
        expect(read.ok, `${layer.type}.${one.name}: ${shown}`).toBe(true);
        if (read.ok && read.value !== undefined) expect(paramText(read.value)).toBe(shown);
      }
  });

  test("layers of different kinds have those fields in common that are alike", () => {
    const lists = ["conv1d", "conv2d"].map((type) => {
      const layer = registry.get(type);
      return layer ? describeParams(layer) : [];
    });
    const names = commonFields(lists).map((one) => one.name);
    expect(names).toContain("filters");
    const withDense = registry.get("dense");
    expect(commonFields([...lists, withDense ? describeParams(withDense) : []]).map((one) => one.name)).not.toContain("filters");
  });
});
