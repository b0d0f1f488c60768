import { describe, expect, it } from "vitest";
import { groupIntoBlock, removeBlock, renameBlock, renameNode, unpackBlock } from "../../src/document/blocks.ts";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { documentOf, toyData, toyEnv } from "../support/documents.ts";

const conv = (id: string) => ({ id, type: "conv2d", params: { filters: 4, kernel: 3, padding: "same" }, at: [100, 50] });
const chain = documentOf(
  [toyData, conv("a"), { id: "r", type: "relu", at: [300, 50] }, conv("b"), { id: "end", type: "flatten" }],
  [
    ["data.x", "a.x"],
    ["a.y", "r.x"],
    ["r.y", "b.x"],
    ["b.y", "end.x"],
  ],
);
const totals = (document: NetloomDocument) => {
  const { totals, problems } = checkDocument(document, registry, toyEnv);
  return { totals, errors: problems.filter((problem) => problem.severity === "error") };
};
function grouped(document: NetloomDocument, ids: string[]) {
  const result = groupIntoBlock(document, "", ids, "stage");
  if (!result) throw new Error("nothing was grouped");
  return result;
}

describe("grouping into a block", () => {
  it("leaves counts and shapes as they were, and unpacking brings the nodes back", () => {
    const { document, node } = grouped(chain, ["a", "r", "b"]);
    expect(document.nodes.map((one) => one.id)).toEqual(["data", "end", node]);
    expect(totals(document)).toEqual(totals(chain));
    const unpacked = unpackBlock(document, "", node);
    expect(unpacked?.nodes.toSorted()).toEqual(["a", "b", "r"]);
    expect(unpacked && totals(unpacked.document)).toEqual(totals(chain));
  });

  it("makes one input of a source that several nodes inside use", () => {
    const forked = documentOf(
      [toyData, conv("a"), conv("b"), { id: "sum", type: "add" }],
      [
        ["data.x", "a.x"],
        ["data.x", "b.x"],
        ["a.y", "sum.x"],
        ["b.y", "sum.x"],
      ],
    );
    const { document } = grouped(forked, ["a", "b", "sum"]);
    expect(document.blocks?.stage?.inputs.map((port) => port.name)).toEqual(["x"]);
  });

  it("inside a block passes on the parameters that its nodes use", () => {
    const outer = documentOf([toyData, { id: "o", type: "block:outer", params: { width: 6 } }], [["data.x", "o.x"]], {
      blocks: {
        outer: {
          params: { width: 2, other: 1 },
          inputs: [{ name: "x" }],
          outputs: [{ name: "y" }],
          nodes: [{ id: "c", type: "conv2d", params: { filters: "2 * width" } }],
          edges: [
            { from: "in.x", to: "c.x" },
            { from: "c.y", to: "out.y" },
          ],
        },
      },
    });
    const result = groupIntoBlock(outer, "outer", ["c"], "inner");
    expect(result?.document.blocks?.inner?.params).toEqual({ width: 2 });
    expect(result && totals(result.document)).toEqual(totals(outer));
  });

  it("unpacks every copy of a repeated block with its parameters written out", () => {
    const repeated = documentOf([toyData, { id: "s", type: "block:unit", params: { channels: 3, repeat: 2 } }], [["data.x", "s.x"]], {
      blocks: {
        unit: {
          params: { channels: 1 },
          inputs: [{ name: "x" }],
          outputs: [{ name: "y" }],
          nodes: [{ id: "c", type: "conv2d", params: { filters: "2 * channels", kernel: 1 } }],
          edges: [
            { from: "in.x", to: "c.x" },
            { from: "c.y", to: "out.y" },
          ],
        },
      },
    });
    const unpacked = unpackBlock(repeated, "", "s");
    expect(unpacked?.nodes).toHaveLength(2);
    expect(unpacked?.document.nodes.find((node) => node.id === "c")?.params?.filters).toBe(6);
    expect(unpacked && totals(unpacked.document).totals).toEqual(totals(repeated).totals);
  });
});

describe("names", () => {
  it("renaming a node follows it through wires and phases", () => {
    const trained = { ...chain, training: { phases: [{ minimise: "b", update: ["a"], optimiser: { type: "sgd" as const, rate: 0.1 } }] } };
    const renamed = renameNode(trained, "", "a", "stem");
    expect(renamed.edges.map((edge) => `${edge.from} ${edge.to}`)).toContain("data.x stem.x");
    expect(renamed.training?.phases?.[0]?.update).toEqual(["stem"]);
    expect(renameNode(trained, "", "a", "b")).toBe(trained);
  });

  it("renaming a block follows it through its instances; a block in use is not removed", () => {
    const { document } = grouped(chain, ["a", "r"]);
    const renamed = renameBlock(document, "stage", "stem");
    expect(totals(renamed)).toEqual(totals(chain));
    expect(removeBlock(renamed, "stem")).toBe(renamed);
    const gone = applyEdit(renamed, { kind: "remove", graph: "", nodes: [renamed.nodes.at(-1)?.id ?? ""], edges: [] });
    expect(removeBlock(gone, "stem").blocks).toEqual({});
  });
});

describe("edits", () => {
  it("that do not fit the document leave it as it is", () => {
    expect(applyEdit(chain, { kind: "set-params", graph: "", node: "gone", params: { filters: 1 } })).toBe(chain);
    expect(applyEdit(chain, { kind: "set-params", graph: "nowhere", node: "a", params: { filters: 1 } })).toBe(chain);
  });

  it("removing a node takes its wires along", () => {
    const { edges } = applyEdit(chain, { kind: "remove", graph: "", nodes: ["r"], edges: [] });
    expect(edges).toEqual([
      { from: "data.x", to: "a.x" },
      { from: "b.y", to: "end.x" },
    ]);
  });

  it("inserting puts a node into the wire with a fresh name", () => {
    const edited = applyEdit(chain, {
      kind: "insert",
      graph: "",
      edges: [{ from: "r.y", to: "b.x" }],
      node: { id: "r", type: "relu" },
      input: "x",
      output: "y",
    });
    expect(edited.edges.map((edge) => `${edge.from} ${edge.to}`)).toEqual(expect.arrayContaining(["r.y r2.x", "r2.y b.x"]));
  });
});
