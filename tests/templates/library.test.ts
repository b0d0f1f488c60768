import { describe, expect, it } from "vitest";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { renameBlock } from "../../src/document/blocks.ts";
import { adoptBlock } from "../../src/document/library.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { libraryIds, libraryText, openLibraryBlock } from "../support/library.ts";
import { overlaps } from "../support/overlaps.ts";

const check = (document: NetloomDocument) => checkDocument(document, registry, createInferEnv());

describe.each(libraryIds)("library block %s", (id) => {
  const { document, block } = openLibraryBlock(id);

  it("checks in the small document that shows it", () => {
    expect(check(document).problems).toEqual([]);
  });

  it("has the name of its file, a section of the book and one line of help", () => {
    expect(block.name).toBe(id);
    expect(block.section).toMatch(/^\d+\.\d+/);
    expect(block.help).toMatch(/^[A-Z][^\n]{20,140}\.$/);
    expect(document.blocks?.[id]?.title).toBe(block.title);
  });

  it("is written as Netloom writes documents, and laid out without overlaps", () => {
    expect(libraryText(id)).toBe(writeDocument(document));
    expect([document, ...Object.values(document.blocks ?? {})].flatMap(overlaps)).toEqual([]);
  });

  it("brings no definition that it does not use", () => {
    const alone = adoptBlock({ ...document, blocks: {}, nodes: [], edges: [] }, block).document;
    expect(Object.keys(alone.blocks ?? {}).sort()).toEqual(Object.keys(document.blocks ?? {}).sort());
  });
});

it("all blocks go into one document side by side without a second copy of any", () => {
  const blocks = libraryIds.map((id) => openLibraryBlock(id).block);
  let document: NetloomDocument = { netloom: 1, name: "all", nodes: [], edges: [] };
  for (const block of blocks) {
    const adopted = adoptBlock(document, block);
    expect(adopted.name).toBe(block.name);
    document = adopted.document;
  }
  const all = new Set(blocks.flatMap((block) => Object.keys(block.blocks)));
  expect(Object.keys(document.blocks ?? {}).sort()).toEqual([...all].sort());
});

describe("×N", () => {
  /** The small document of a block, its instance repeated and resized. */
  const repeated = (id: string, params: Record<string, number>, shape?: number[]) => {
    const { document } = openLibraryBlock(id);
    const nodes = document.nodes.map((node) =>
      node.type === `block:${id}`
        ? { ...node, params: { ...node.params, ...params } }
        : node.type === "input" && shape
          ? { ...node, params: { shape } }
          : node,
    );
    return { ...document, nodes };
  };

  it("GPT-3's ninety-six layers are one node that opens to show one layer, with 174 billion weights", () => {
    const document = repeated("gpt-layer", { width: 12_288, heads: 96, repeat: 96 }, [2048, 12_288]);
    const checked = check(document);
    expect(checked.problems).toEqual([]);
    expect(document.nodes).toHaveLength(3);
    expect(checked.view("gpt-layer").get("attention")?.outputs.attention?.shape).toEqual(["batch", 96, 2048, 2048]);
    expect(checked.totals.parameters / 1e9).toBeCloseTo(173.96, 1);
  });

  it("sixty-six bottleneck blocks are one node", () => {
    const document = repeated("bottleneck", { repeat: 66 });
    const checked = check(document);
    expect(checked.problems).toEqual([]);
    expect(checked.totals.trainable).toBe(66 * check(repeated("bottleneck", {})).totals.trainable);
    expect(checked.view("").get("block")?.outputs.y?.shape).toEqual(["batch", 28, 28, 256]);
  });
});

it("a block keeps working under another name", () => {
  const { document } = openLibraryBlock("hourglass");
  const renamed = renameBlock(document, "hourglass-2", "middle");
  expect(check(renamed).problems).toEqual([]);
});
