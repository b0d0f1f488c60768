import { describe, expect, it } from "vitest";
import { describeParams } from "../../src/layers/describe.ts";
import { registry } from "../../src/layers/registry.ts";

const param = (type: string, name: string) => {
  const layer = registry.get(type);
  return layer && describeParams(layer).find((field) => field.name === name);
};

describe("the inspector's fields are read off a layer's schema", () => {
  it("whole and real numbers with their bounds", () => {
    expect(param("conv2d", "filters")).toMatchObject({ kind: "int", title: "Filters", min: 1, max: 65_536, default: 32 });
    expect(param("dropout", "rate")).toMatchObject({ kind: "real", min: 0, max: 0.99, default: 0.5 });
  });

  it("choices, flags and texts", () => {
    expect(param("conv2d", "padding")).toMatchObject({ kind: "choice", options: ["same", "valid"], default: "same" });
    expect(param("conv2d", "init")).toMatchObject({ title: "Initialiser" });
    expect(param("conv2d", "bias")).toMatchObject({ kind: "flag", default: true });
    expect(param("dataset", "name")).toMatchObject({ kind: "text", default: "digits", maxLength: 200 });
  });

  it("lists of whole numbers, and extents with their number of axes", () => {
    expect(param("reshape", "shape")).toMatchObject({ kind: "ints", min: -1, default: [-1] });
    expect(param("split", "sizes")).toMatchObject({ kind: "ints", minItems: 1, maxItems: 16 });
    expect(param("conv2d", "kernel")).toMatchObject({ kind: "extent", axes: 2, min: 1, default: 3 });
  });

  it("in the order of the schema, each with its help", () => {
    const layer = registry.get("conv1d");
    const fields = layer ? describeParams(layer) : [];
    expect(fields.map(({ name }) => name)).toEqual(["filters", "kernel", "stride", "padding", "dilation", "groups", "bias", "init", "gain"]);
    expect(fields.every(({ help }) => help.length > 10)).toBe(true);
  });
});
