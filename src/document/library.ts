import { blockOf, freshBlockName } from "./blocks.ts";
import { blockNamed } from "./edits.ts";
import type { Block, GraphNode, NetloomDocument, ParamValue } from "./schema.ts";

/**
 * The library of blocks. An entry is a document of its own that shows one block in use: its name is the block's title, `about`
 * holds the section of the book and one line of help, and its only instance says with which values one begins.
 */
export interface LibraryBlock {
  readonly id: string;
  readonly title: string;
  /** Section of the book. */
  readonly section: string;
  readonly help: string;
  /** The block's name in `blocks`. */
  readonly name: string;
  /** The block's definition and those of all blocks inside it. */
  readonly blocks: Readonly<Record<string, Block>>;
  /** Parameters of a new instance. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** The block that a document of the library shows; undefined if it shows none, or several. */
export function libraryBlock(id: string, document: NetloomDocument): LibraryBlock | undefined {
  const instances = document.nodes.filter((node) => blockOf(node) !== undefined);
  const [instance] = instances;
  const name = instance && blockOf(instance);
  if (instances.length !== 1 || !instance || name === undefined || !document.blocks || !blockNamed(document, name)) return undefined;
  const { chapter = "", text = "" } = document.about ?? {};
  return { id, title: document.name, section: chapter, help: text, name, blocks: document.blocks, params: instance.params ?? {} };
}

/**
 * The document with the definitions of a library block, innermost first, each under its own name, or under a fresh one where the document
 * has another block of that name. What it has already, word for word, is used again.
 * @returns the document, and the name by which the block is instanced there
 */
export function adoptBlock(
  document: NetloomDocument,
  entry: Pick<LibraryBlock, "name" | "blocks">,
): { readonly document: NetloomDocument; readonly name: string } {
  const names = new Map<string, string>();
  let result = document;
  const adopt = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const given = Object.hasOwn(entry.blocks, name) ? entry.blocks[name] : undefined;
    names.set(name, name);
    if (!given) return name;
    const inner = given.nodes.map((node): GraphNode => {
      const block = blockOf(node);
      const adopted = block === undefined ? undefined : adopt(block);
      return adopted === undefined || adopted === block ? node : { ...node, type: `block:${adopted}` };
    });
    const definition: Block = inner.every((node, i) => node === given.nodes[i]) ? given : { ...given, nodes: inner };
    const same = namesLike(result, name).find((other) => equal(blockNamed(result, other), definition));
    const final = same ?? freshBlockName(result, name);
    if (same === undefined) result = { ...result, blocks: { ...result.blocks, [final]: definition } };
    names.set(name, final);
    return final;
  };
  return { name: adopt(entry.name), document: result };
}

/** The document's blocks that bear the name, with or without a number behind it: earlier copies are among them. */
function namesLike({ blocks }: NetloomDocument, name: string): readonly string[] {
  const stem = name.replace(/\d+$/, "");
  return Object.keys(blocks ?? {}).filter((other) => other === name || (other.startsWith(stem) && /^\d*$/.test(other.slice(stem.length))));
}

/** Equal as JSON, whatever the order of fields. */
function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && equal(value, right.get(key)));
}
