import { describe, expect, test } from "vitest";
import { sameToChecker } from "../../renderer/stores/checking.ts";
import type { GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { classifier, doc, env, node } from "./documents.ts";

const plain = (document: NetloomDocument) => {
  const { problems, totals, facts } = checkDocument(document, registry, env);
  return { problems, totals, facts };
};
const inBlock = () => doc([node("b", "block:part")], [], { part: { inputs: [], outputs: [], nodes: [node("fc", "dense")], edges: [] } });
const changed = (document: NetloomDocument, change: Partial<GraphNode>): NetloomDocument => ({
  ...document,
  nodes: document.nodes.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
});

describe("what needs no new check", () => {
  test.each<Partial<GraphNode>>([{ at: [10, 20] }, { label: "Mine" }, { note: "why" }])("a node with %j", (change) => {
    const document = classifier();
    expect(sameToChecker(document, changed(document, change))).toBe(true);
    expect(plain(changed(document, change))).toEqual(plain(document));
  });

  test("a node moved inside a block", () => {
    const document = inBlock();
    const part = document.blocks?.part;
    if (!part) throw new Error("no block");
    const moved = { ...document, blocks: { part: { ...part, nodes: part.nodes.map((one) => ({ ...one, at: [1, 2] as [number, number] })) } } };
    expect(sameToChecker(document, moved)).toBe(true);
  });
});

describe("what does need one", () => {
  test.each<Partial<GraphNode>>([{ params: { units: 3 } }, { type: "relu" }, { id: "other" }, { shared: "w" }])("a node with %j", (change) => {
    const document = classifier();
    expect(sameToChecker(document, changed(document, change))).toBe(false);
  });

  test("a wire, a node, a phase, a block more or less", () => {
    const document = inBlock();
    expect(sameToChecker(document, { ...document, edges: [{ from: "b.y", to: "b.x" }] })).toBe(false);
    expect(sameToChecker(document, { ...document, nodes: [] })).toBe(false);
    expect(sameToChecker(document, { ...document, training: { batch: 2 } })).toBe(false);
    expect(sameToChecker(document, { ...document, blocks: {} })).toBe(false);
    const { blocks: _, ...without } = document;
    expect(sameToChecker(document, without)).toBe(false);
  });

  test("a block's parameter", () => {
    const document = inBlock();
    const part = document.blocks?.part;
    if (!part) throw new Error("no block");
    expect(sameToChecker(document, { ...document, blocks: { part: { ...part, params: { width: 2 } } } })).toBe(false);
  });
});
