import { describe, expect, it } from "vitest";
import { adoptBlock, libraryBlock } from "../../src/document/library.ts";
import type { Block, NetloomDocument } from "../../src/document/schema.ts";

const block = (type: string, title = "A block"): Block => ({
  title,
  inputs: [{ name: "x" }],
  outputs: [{ name: "y" }],
  nodes: [{ id: "a", type }],
  edges: [
    { from: "in.x", to: "a.x" },
    { from: "a.y", to: "out.y" },
  ],
});
const empty: NetloomDocument = { netloom: 1, name: "test", nodes: [], edges: [] };
/** A block "outer" around a block "inner". */
const entry = { name: "outer", blocks: { outer: block("block:inner"), inner: block("relu"), other: block("tanh") } };
const names = (document: NetloomDocument) => Object.keys(document.blocks ?? {});

describe("taking a block of the library into a document", () => {
  it("brings its definition and those inside it, and nothing else", () => {
    const { document, name } = adoptBlock(empty, entry);
    expect(name).toBe("outer");
    expect(names(document).sort()).toEqual(["inner", "outer"]);
    expect(document.blocks?.outer).toEqual(entry.blocks.outer);
  });

  it("a second time changes nothing", () => {
    const first = adoptBlock(empty, entry);
    const second = adoptBlock(first.document, entry);
    expect(second.name).toBe("outer");
    expect(second.document).toBe(first.document);
  });

  it("uses an equal definition again, whatever the order of its fields", () => {
    const { nodes, edges, ...rest } = block("relu");
    const before = { ...empty, blocks: { inner: { edges, nodes, ...rest } } };
    expect(names(adoptBlock(before, entry).document)).toEqual(["inner", "outer"]);
  });

  it("takes another name where the document has another block of that name, inside other blocks too", () => {
    const own = block("sigmoid", "My own");
    const { document, name } = adoptBlock({ ...empty, blocks: { inner: own } }, entry);
    expect(document.blocks?.inner).toBe(own);
    expect(document.blocks?.inner2).toEqual(entry.blocks.inner);
    expect(document.blocks?.[name]?.nodes[0]?.type).toBe("block:inner2");
    const again = adoptBlock(document, entry);
    expect(again.document).toBe(document);
    expect(again.name).toBe(name);
  });

  it("leaves the library's own definitions as they are", () => {
    const before = JSON.stringify(entry);
    adoptBlock({ ...empty, blocks: { inner: block("sigmoid") } }, entry);
    expect(JSON.stringify(entry)).toBe(before);
  });
});

describe("a document of the library", () => {
  const shown = (nodes: NetloomDocument["nodes"]): NetloomDocument => ({
    ...empty,
    name: "Outer block",
    about: { chapter: "11.2", text: "One line." },
    blocks: entry.blocks,
    nodes,
  });
  it("is the block of its one instance, with that instance's parameters", () => {
    const read = libraryBlock("outer", shown([{ id: "block", type: "block:outer", params: { repeat: 3 } }]));
    expect(read).toMatchObject({ id: "outer", title: "Outer block", section: "11.2", help: "One line.", name: "outer", params: { repeat: 3 } });
  });
  it("is none with no instance, with several, or with one of a block that is not there", () => {
    expect(libraryBlock("outer", shown([{ id: "relu", type: "relu" }]))).toBeUndefined();
    const instance = { id: "a", type: "block:outer" };
    expect(libraryBlock("outer", shown([instance, { ...instance, id: "b" }]))).toBeUndefined();
    expect(libraryBlock("outer", shown([{ id: "a", type: "block:missing" }]))).toBeUndefined();
  });
});
