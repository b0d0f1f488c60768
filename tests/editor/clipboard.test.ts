import { describe, expect, test } from "vitest";
import { copyNodes, pasteClip, readClip, writeClip } from "../../renderer/editor/clipboard.ts";
import { classifier, doc, node, wire } from "./documents.ts";

const withBlock = () =>
  doc([node("a", "block:outer", undefined, [0, 0])], [], {
    outer: { inputs: [], outputs: [], nodes: [node("i", "block:inner")], edges: [] },
    inner: { inputs: [], outputs: [], nodes: [node("fc", "dense")], edges: [] },
  });
const pasted = (result: ReturnType<typeof pasteClip>) => {
  if (!result.ok) throw new Error(result.reason);
  return result;
};

describe("clipboard", () => {
  test("takes the wires between the nodes and leaves those to others", () => {
    const clip = copyNodes(classifier(), "", ["conv1", "relu1"]);
    expect(clip.edges).toEqual([wire("conv1.y", "relu1.x")]);
  });

  test("pasting into the same graph gives new names, with wires that follow", () => {
    const document = classifier();
    const after = pasted(pasteClip(document, "", copyNodes(document, "", ["conv1", "relu1"])));
    expect(after.nodes).toEqual(["conv2", "relu2"]);
    expect(after.document.edges).toContainEqual(wire("conv2.y", "relu2.x"));
    expect(after.document.nodes).toHaveLength(8);
  });

  test("what is copied survives as text, into another document", () => {
    const clip = readClip(writeClip(copyNodes(classifier(), "", ["conv1", "relu1"])));
    const after = clip && pasted(pasteClip(doc([], []), "", clip));
    expect(after?.document.nodes.map((one) => one.id)).toEqual(["conv1", "relu1"]);
    expect(after?.document.nodes[0]?.params?.filters).toBe(15);
  });

  test("keeps the nodes' places to one another", () => {
    const document = classifier();
    const after = pasted(pasteClip(document, "", copyNodes(document, "", ["conv1", "relu1"]), [1000, 500]));
    expect(after.document.nodes.slice(-2).map((one) => one.at)).toEqual([
      [1000, 500],
      [1300, 500],
    ]);
  });

  test("blocks travel with their instances, blocks within blocks too", () => {
    const clip = copyNodes(withBlock(), "", ["a"]);
    const after = pasted(pasteClip(doc([], []), "", clip));
    expect(Object.keys(after.document.blocks ?? {}).toSorted()).toEqual(["inner", "outer"]);
  });

  test("a block that is there already is not doubled", () => {
    const document = withBlock();
    const after = pasted(pasteClip(document, "", copyNodes(document, "", ["a"])));
    expect(Object.keys(after.document.blocks ?? {}).toSorted()).toEqual(["inner", "outer"]);
    expect(after.document.nodes.map((one) => one.type)).toEqual(["block:outer", "block:outer"]);
  });

  test("another block of the same name gets a new one, also where it is used inside the clip", () => {
    const other = doc([], [], { inner: { inputs: [], outputs: [], nodes: [node("r", "relu")], edges: [] } });
    const after = pasted(pasteClip(other, "", copyNodes(withBlock(), "", ["a"])));
    expect(after.document.blocks?.inner?.nodes[0]?.type).toBe("relu");
    const [used] = after.document.blocks?.outer?.nodes ?? [];
    expect(used?.type).toBe("block:inner2");
    expect(after.document.blocks?.inner2?.nodes[0]?.type).toBe("dense");
  });

  test("a block cannot be pasted into itself, however deep", () => {
    const document = withBlock();
    const clip = copyNodes(document, "", ["a"]);
    for (const graph of ["outer", "inner"]) {
      const result = pasteClip(document, graph, clip);
      expect(result.ok).toBe(false);
      expect(result.ok ? "" : result.reason).toContain("cannot contain itself");
    }
  });

  test.each([
    "",
    "hello",
    "{}",
    '{"netloomClipboard":1}',
    '{"netloomClipboard":1,"nodes":[{"id":"<b>","type":"x"}],"edges":[]}',
    '{"netloomClipboard":2,"nodes":[],"edges":[]}',
    "[1,2",
    "null",
  ])("text that is no clip is left alone: %s", (text) => {
    expect(readClip(text)).toBeUndefined();
  });
});
