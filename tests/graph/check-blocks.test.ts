import { describe, expect, it } from "vitest";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { check, classifier, conv, unit } from "../support/checked.ts";
import { documentOf, toyData } from "../support/documents.ts";

const convUnit = unit(
  [{ id: "conv", type: "conv2d", params: { filters: "channels", kernel: 3, padding: "same" } }],
  [
    { from: "in.x", to: "conv.x" },
    { from: "conv.y", to: "out.y" },
  ],
  { channels: 4 },
);

describe("blocks", () => {
  const staged = (params: object, blocks: object = { unit: convUnit }) =>
    documentOf([toyData, { id: "stage", type: "block:unit", params }], [["data.x", "stage.x"]], { blocks });

  it("take parameters, compute expressions and repeat as a chain", () => {
    const checked = check(staged({ channels: "2 * 3", repeat: 3 }));
    expect(checked.nodes.map((node) => node.path)).toEqual(["data", "stage/0/conv", "stage/1/conv", "stage/2/conv"]);
    expect(checked.view("").get("stage")?.parameters).toBe(9 * 6 + 6 + 2 * (9 * 36 + 6));
    expect(checked.view("").get("stage")?.outputs.y?.shape).toEqual(["batch", 8, 8, 6]);
  });

  it("show their inside through the first instance", () => {
    const inside = check(staged({ channels: 6, repeat: 2 })).view("unit");
    expect(inside.get("conv")?.inputs.x?.[0]?.shape).toEqual(["batch", 8, 8, 1]);
    expect(inside.get("in")?.outputs.x?.shape).toEqual(["batch", 8, 8, 1]);
  });

  it("share weights by name: counted once, and refused where shapes differ", () => {
    const twins = (channels: number) =>
      documentOf(
        [toyData, { id: "a", type: "block:unit", shared: "twin" }, { id: "b", type: "block:unit", shared: "twin", params: { channels } }],
        [
          ["data.x", "a.x"],
          ["data.x", "b.x"],
        ],
        { blocks: { unit: convUnit } },
      );
    expect(check(twins(4)).totals.parameters).toBe(9 * 4 + 4);
    expect(check(twins(5)).problems.map((problem) => problem.code)).toContain("shared-mismatch");
  });

  it("that contain themselves, or repeat beyond all measure, are refused at once", () => {
    const loop = unit(
      [{ id: "me", type: "block:unit" }],
      [
        { from: "in.x", to: "me.x" },
        { from: "me.y", to: "out.y" },
      ],
    );
    expect(check(staged({}, { unit: loop })).problems.map((problem) => problem.code)).toContain("recursive-block");
    const nest = (inner: string) =>
      unit(
        [{ id: "n", type: inner, params: { repeat: 10_000 } }],
        [
          { from: "in.x", to: "n.x" },
          { from: "n.y", to: "out.y" },
        ],
      );
    expect(check(staged({ repeat: 10_000 }, { unit: nest("block:b"), b: nest("block:c"), c: nest("relu") })).problems.length).toBeGreaterThan(0);
    const huge = {
      unit: nest("block:b"),
      b: nest("block:c"),
      c: unit(
        [{ id: "r", type: "relu" }],
        [
          { from: "in.x", to: "r.x" },
          { from: "r.y", to: "out.y" },
        ],
      ),
    };
    expect(check(staged({ repeat: 10_000 }, huge)).problems.map((problem) => problem.code)).toContain("too-large");
  });

  it("report a fault inside once, at its place in the definition", () => {
    const wrong = unit(
      [conv("conv", { kernel: 99 })],
      [
        { from: "in.x", to: "conv.x" },
        { from: "conv.y", to: "out.y" },
      ],
    );
    const checked = check(
      documentOf(
        [toyData, { id: "a", type: "block:unit" }, { id: "b", type: "block:unit" }],
        [
          ["data.x", "a.x"],
          ["data.x", "b.x"],
        ],
        { blocks: { unit: wrong } },
      ),
    );
    const faults = checked.problems.filter((problem) => problem.code === "shape");
    expect(faults).toMatchObject([{ place: { graph: "unit", node: "conv" }, path: "a/conv" }]);
    expect(checked.view("").get("a")?.problems.length).toBeGreaterThan(0);
  });
});

describe("hostile documents", () => {
  it.each(["constructor", "toString", "valueOf"])("are checked like others where things are named %s, as something of every object is", (name) => {
    const passing = unit(
      [{ id: "r", type: "relu" }],
      [
        { from: `in.${name}`, to: "r.x" },
        { from: "r.y", to: `out.${name}` },
      ],
      { [name]: 1 },
    );
    const named = { ...passing, inputs: [{ name }], outputs: [{ name }] };
    const sound = documentOf([toyData, { id: "b", type: "block:b", params: { [name]: 2, repeat: 3 } }], [["data.x", `b.${name}`]], {
      blocks: { b: named },
    });
    expect(check(sound).ok).toBe(true);
    expect(check(sound).view("b").get("r")?.inputs.x).toHaveLength(1);
    const codes = (document: NetloomDocument) => check(document).problems.map(({ code }) => code);
    expect(codes(documentOf([toyData, { id: "b", type: "block:b" }], [["data.x", "b.x"]], { blocks: { b: passing } }))).toContain("no-such-output");
    const phases = [{ minimise: `loss.${name}`, optimiser: { type: "sgd", rate: 1 } }];
    expect(codes({ ...classifier(8), training: { phases } } as NetloomDocument)).toContain("not-a-scalar");
  });

  it("are told of in a length that can be read: a cycle of thousands, thousands of unknown parameters", () => {
    const ring = Array.from({ length: 5000 }, (_, i) => ({ id: `n${i}`, type: "relu" }));
    const cycle = check(
      documentOf(
        ring,
        ring.map(({ id }, i) => [`${id}.y`, `n${(i + 1) % ring.length}.x`]),
      ),
    );
    expect(cycle.ok).toBe(false);
    expect(cycle.problems.filter(({ code }) => code === "cycle")).toHaveLength(1000);
    expect(cycle.problems[0]?.message).toMatch(/n0, n1, .* and 4,990 more\.$/);
    const params = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`p${i}`, 1]));
    const unknown = check(
      documentOf(
        [
          { id: "a", type: "input", params },
          { id: "b", type: "no-such" },
        ],
        [],
      ),
    );
    expect(unknown.problems.filter(({ code }) => code === "unknown-parameter")).toHaveLength(1000);
    expect(unknown.ok).toBe(false);
  });
});
