import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument, createChecker } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { documentOf, toyData, toyEnv } from "../support/documents.ts";

/** A dataset, two convolutions side by side, a block used twice, an end. */
const network = (): NetloomDocument =>
  documentOf(
    [
      { ...toyData, at: [0, 0] },
      { id: "left", type: "conv2d", params: { filters: 4, kernel: 3, padding: "same" }, at: [200, 0] },
      { id: "right", type: "conv2d", params: { filters: 4, kernel: 3, padding: "same" }, at: [200, 200] },
      { id: "sum", type: "add", at: [400, 0] },
      { id: "first", type: "block:unit", params: { channels: 3 }, at: [600, 0] },
      { id: "second", type: "block:unit", params: { channels: 5, repeat: 2 }, at: [800, 0] },
      { id: "end", type: "output", at: [1000, 0] },
    ],
    [
      ["data.x", "left.x"],
      ["data.x", "right.x"],
      ["left.y", "sum.x"],
      ["right.y", "sum.x"],
      ["sum.y", "first.x"],
      ["first.y", "second.x"],
      ["second.y", "end.x"],
    ],
    {
      blocks: {
        unit: {
          params: { channels: 2 },
          inputs: [{ name: "x" }],
          outputs: [{ name: "y" }],
          nodes: [{ id: "conv", type: "conv2d", params: { filters: "channels", kernel: 3, padding: "same" } }],
          edges: [
            { from: "in.x", to: "conv.x" },
            { from: "conv.y", to: "out.y" },
          ],
        },
      },
    },
  );

const setParams = (document: NetloomDocument, graph: string, node: string, params: Record<string, number | boolean>) =>
  applyEdit(document, { kind: "set-params", graph, node, params });
const moved = (document: NetloomDocument): NetloomDocument => ({
  ...document,
  nodes: document.nodes.map((node) => ({ ...node, at: [(node.at?.[0] ?? 0) + 20, node.at?.[1] ?? 0] })),
});

/** The nodes whose entry after an edit is another object than before it. */
function changed(edit: (document: NetloomDocument) => NetloomDocument, graph = ""): string[] {
  const checker = createChecker(registry, toyEnv);
  const document = network();
  const before = checker.check(document).view(graph);
  const after = checker.check(edit(document)).view(graph);
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
}

describe("the view of a graph", () => {
  it("keeps the entries of all nodes that an edit does not reach", () => {
    expect(changed((document) => setParams(document, "", "left", { bias: false }))).toEqual(["left"]);
    expect(changed((document) => setParams(document, "", "second", { channels: 7 }))).toEqual(["second", "end"]);
  });

  it("is the very same after a move, and when the same document is checked again", () => {
    const checker = createChecker(registry, toyEnv);
    const document = network();
    const before = checker.check(document).view("");
    expect(checker.check(moved(document)).view("")).toBe(before);
    expect(checker.check(document).view("")).toBe(before);
  });

  it("keeps the entries of the others where wires and nodes come and go", () => {
    expect(changed((document) => ({ ...document, edges: document.edges.filter(({ to }) => to !== "end.x") }))).toEqual(["second", "end"]);
    expect(changed((document) => ({ ...document, nodes: [...document.nodes, { id: "new", type: "relu" }] }))).toEqual(["new"]);
  });

  it("keeps a block's inside, its own ports too, while an instance other than the first is changed", () => {
    expect(changed((document) => setParams(document, "", "second", { channels: 7 }), "unit")).toEqual([]);
    expect(changed((document) => setParams(document, "", "first", { channels: 7 }), "unit")).toEqual(["conv", "out"]);
  });

  it("keeps the entry of a node whose problem is still the same", () => {
    const checker = createChecker(registry, toyEnv);
    const faulty = { ...network(), edges: network().edges.filter(({ to }) => to !== "right.x") };
    const before = checker.check(faulty).view("").get("right");
    const after = checker
      .check(setParams(faulty, "", "left", { bias: false }))
      .view("")
      .get("right");
    expect(before?.problems.map(({ code }) => code)).toEqual(["unconnected"]);
    expect(after).toBe(before);
  });

  it("says after any edits what a check from cold says", () => {
    const edits: ((document: NetloomDocument, size: number) => NetloomDocument)[] = [
      (document, size) => setParams(document, "", "left", { filters: size }),
      (document, size) => setParams(document, "", "right", { filters: size, bias: size > 4 }),
      (document, size) => setParams(document, "", "second", { channels: size, repeat: 1 + (size % 3) }),
      (document, size) => setParams(document, "unit", "conv", { kernel: size }),
      (document) => moved(document),
      (document, size) => ({ ...document, edges: document.edges.filter((_, i) => i !== size) }),
      (document, size) => ({ ...document, nodes: document.nodes.filter((_, i) => i !== size) }),
      () => network(),
    ];
    const steps = fc.array(fc.tuple(fc.nat(edits.length - 1), fc.integer({ min: 1, max: 7 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, (chosen) => {
        const checker = createChecker(registry, toyEnv);
        let document = network();
        checker.check(document).view("");
        for (const [which, size] of chosen) {
          document = edits[which]?.(document, size) ?? document;
          const warm = checker.check(document);
          const cold = checkDocument(document, registry, toyEnv);
          for (const graph of ["", "unit"]) expect(warm.view(graph)).toEqual(cold.view(graph));
        }
      }),
      { numRuns: 30 },
    );
  });
});
