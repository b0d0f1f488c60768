import { freshBlockName } from "../../src/document/blocks.ts";
import type { Block } from "../../src/document/schema.ts";
import { openBlock } from "../commands/blocks.ts";
import { useDocument } from "../stores/document.ts";

/** An empty block with one way in and one way out, opened to be filled. */
export function newBlock(): void {
  const state = useDocument.getState();
  const name = freshBlockName(state.document, "block");
  const block: Block = { inputs: [{ name: "x", at: [0, 80] }], outputs: [{ name: "y", at: [520, 80] }], nodes: [], edges: [] };
  state.edit("New block", (document) => ({ ...document, blocks: { ...document.blocks, [name]: block } }));
  openBlock(name);
}
