import { describe, expect, test } from "vitest";
import { pathOf, spokenNode } from "../../renderer/canvas/node-model.ts";
import { addPort, removePort, renamePort } from "../../renderer/editor/block-ports.ts";
import { formatBytes, formatCount, formatShare, shortShape } from "../../renderer/editor/format.ts";
import { nodeInfo, noView } from "../../renderer/editor/node-info.ts";
import { score, search } from "../../renderer/editor/search.ts";
import { applyEdit } from "../../src/document/edits.ts";
import { createChecker } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { classifier, doc, env, node, where, wire } from "./documents.ts";

describe("search", () => {
  const items = [...registry.values()].map((layer) => ({ title: layer.title, words: [layer.type, ...(layer.aliases ?? [])], type: layer.type }));
  const best = (query: string) => search(query, items)[0]?.type;

  test.each([
    ["relu", "relu"],
    ["conv2", "conv2d"],
    ["convolution 1", "conv1d"],
    ["fully connected", "dense"],
    ["mha", "attention"],
    ["bn", "batch-norm"],
    ["drop", "dropout"],
    ["flat", "flatten"],
  ])("%s finds %s first", (query, type) => {
    expect(best(query)).toBe(type);
  });

  test("of equals the preferred comes first, but not before what fits the words better", () => {
    const first = (query: string, type: string) => search(query, items, (item) => item.type === type)[0]?.type;
    expect(first("conv", "conv2d")).toBe("conv2d");
    expect(first("convolution 1", "conv2d")).toBe("conv1d");
  });

  test("what fits nothing finds nothing, and an empty search everything in order", () => {
    expect(search("zzz", items)).toEqual([]);
    expect(search("  ", items)).toEqual(items);
  });

  test("the whole word beats its beginning, and a beginning beats letters apart", () => {
    expect(score("add", { title: "Add" })).toBeGreaterThan(score("add", { title: "Address" }));
    expect(score("cnv", { title: "Convolution" })).toBeGreaterThan(0);
    expect(score("con", { title: "Convolution" })).toBeGreaterThan(score("cnv", { title: "Convolution" }));
  });
});

describe("numbers", () => {
  test.each([
    [0, "0"],
    [2050, "2,050"],
    [999_999, "1.00 M"],
    [61_100_840, "61.1 M"],
    [174_604_204_032, "175 B"],
  ])("%d is shown as %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  test("shares and sizes have no false precision", () => {
    expect([formatShare(1, 3), formatShare(1, 5000), formatShare(0, 7), formatShare(29, 1000)]).toEqual(["33 %", "< 0.1 %", "0 %", "2.9 %"]);
    expect([formatBytes(54_000), formatBytes(4), formatBytes(7_200_000_000)]).toEqual(["53 KiB", "4 B", "6.7 GiB"]);
    expect(shortShape(["batch", 19, 15])).toBe("[·, 19, 15]");
  });
});

describe("what is said of nodes", () => {
  test("a node is one sentence: title, id, settings, output, size, problems", () => {
    const document = classifier();
    const conv = document.nodes.find((one) => one.id === "conv1");
    const { checked } = where(document);
    if (!conv) throw new Error("no conv1");
    const text = spokenNode(conv, nodeInfo(document, "", conv, env), checked.view("").get("conv1") ?? noView);
    expect(text).toMatch(/^Convolution 1D conv1, 15 × 3.*, output \[batch, 19, 15\], 60 parameters$/);
  });

  test("a change of one node leaves what is known of the others the very same object", () => {
    const checker = createChecker(registry, env);
    const document = classifier();
    const before = checker.check(document).view("");
    const after = checker.check(applyEdit(document, { kind: "set-params", graph: "", node: "fc", params: { bias: false } })).view("");
    expect(["data", "conv1", "relu1", "flatten", "loss"].filter((id) => before.get(id) !== after.get(id))).toEqual([]);
    expect(before.get("fc")).not.toBe(after.get("fc"));
  });

  test("info of a node is the same object until the node, its block or the data change", () => {
    const document = classifier();
    const [first] = document.nodes;
    if (!first) throw new Error("no node");
    expect(nodeInfo(document, "", first, env)).toBe(nodeInfo(document, "", first, env));
    expect(nodeInfo(document, "", first, { ...env })).not.toBe(nodeInfo(document, "", first, env));
  });

  test("a node inside a block is found where its first instance stands", () => {
    const document = doc([node("a", "block:part", { repeat: 2 })], [], {
      part: { inputs: [{ name: "x" }], outputs: [{ name: "y" }], nodes: [node("r", "relu")], edges: [wire("in.x", "r.x"), wire("r.y", "out.y")] },
    });
    expect(pathOf(where(document).checked, "part", "r")).toBe("a/0/r");
  });
});

describe("a block's ports", () => {
  const document = () =>
    doc([node("src", "dense"), node("b", "block:part"), node("end", "relu")], [wire("src.y", "b.x"), wire("b.y", "end.x")], {
      part: { inputs: [{ name: "x" }], outputs: [{ name: "y" }], nodes: [node("r", "relu")], edges: [wire("in.x", "r.x"), wire("r.y", "out.y")] },
    });

  test("renamed, their wires follow inside and at the instances", () => {
    const after = renamePort(document(), "part", "in", "x", "features");
    expect(after.edges).toContainEqual(wire("src.y", "b.features"));
    expect(after.blocks?.part?.edges).toContainEqual(wire("in.features", "r.x"));
  });

  test("removed, they take their wires with them", () => {
    const after = removePort(document(), "part", "out", "y");
    expect(after.edges).toEqual([wire("src.y", "b.x")]);
    expect(after.blocks?.part?.edges).toEqual([wire("in.x", "r.x")]);
  });

  test("a name that is taken or no name changes nothing; a new port gets a free one", () => {
    const before = addPort(document(), "part", "in", "x");
    expect(before.blocks?.part?.inputs.map((port) => port.name)).toEqual(["x", "x2"]);
    expect(renamePort(before, "part", "in", "x", "x2")).toBe(before);
    expect(renamePort(before, "part", "in", "x", "2 words")).toBe(before);
  });
});
