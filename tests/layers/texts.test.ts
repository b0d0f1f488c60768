import katex from "katex";
import { describe, expect, it } from "vitest";
import { describeParams } from "../../src/layers/describe.ts";
import { families } from "../../src/layers/families.ts";
import { registry } from "../../src/layers/registry.ts";

const layers = [...registry.values()].map((layer) => [layer.type, layer] as const);
const sentence = /^[A-Z[−0-9].*[.!]$/;

describe("every layer explains itself:", () => {
  it.each(layers)("%s", (type, layer) => {
    expect(type).toMatch(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/);
    expect(layer.title).toMatch(/^[A-Z].{1,30}$/);
    expect(Object.keys(families)).toContain(layer.family);
    expect(layer.book).toMatch(/^\d+(\.\d+){1,2}$/);
    expect(layer.explain.summary).toMatch(sentence);
    for (const [port, { help }] of Object.entries(layer.inputs)) expect(help, `port ${port}`).toMatch(sentence);
    for (const { name, title, help } of describeParams(layer)) {
      expect(title, `parameter ${name}`).toMatch(/^[A-Z]/);
      expect(help, `parameter ${name}`).toMatch(sentence);
      expect(help.length, `parameter ${name}: one line`).toBeLessThanOrEqual(140);
    }
    expect(layer.examples.length).toBeGreaterThan(0);
    if (layer.explain.equation !== undefined)
      expect(katex.renderToString(layer.explain.equation, { throwOnError: true, strict: "error" })).toContain("katex");
  });

  it("no two share a title, and layers, losses and metrics all run", () => {
    expect(new Set(layers.map(([, layer]) => layer.title)).size).toBe(layers.length);
    for (const [type, { role, apply, over }] of layers) {
      if (role === "layer" || role === "loss" || role === "metric") expect(apply ?? over, type).toBeDefined();
      if (role === "preview" || role === "output") expect(apply, type).toBeUndefined();
    }
  });
});
