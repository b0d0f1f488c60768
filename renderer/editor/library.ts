import { create } from "zustand";
import { adoptBlock, type LibraryBlock } from "../../src/document/library.ts";
import type { GraphNode } from "../../src/document/schema.ts";
import { usableBlocks } from "./add.ts";
import type { Where } from "./connect.ts";
import type { Searchable } from "./search.ts";

/** The library of blocks as the editor knows it: empty until `renderer/palette/load-library.ts` has fetched it. */
export const useLibrary = create<{ readonly blocks: readonly LibraryBlock[] }>(() => ({ blocks: [] }));

const prefix = "library:";
/** How a block of the library is named where layers' types are: dragged, searched, inserted. */
export const libraryType = (id: string): string => prefix + id;

export const libraryEntry = (type: string): LibraryBlock | undefined =>
  type.startsWith(prefix) ? useLibrary.getState().blocks.find(({ id }) => id === type.slice(prefix.length)) : undefined;

/** What a block of the library is found by: behind layers that fit as well, since "dense" means a linear layer to most. */
export const librarySearch = ({ id, name, title, help }: LibraryBlock): Searchable => ({
  title,
  words: [
    id,
    name,
    "block",
    ...help
      .toLowerCase()
      .split(/[^a-z0-9×]+/)
      .filter((word) => word.length > 3),
  ],
  weight: 0.75,
});

export interface Taken<W> {
  readonly where: W;
  /** The type to add a node of, and its parameters. */
  readonly type: string;
  readonly params?: GraphNode["params"];
}

/**
 * What it takes to add a node: for a block of the library, its definitions in the document and the name they have there; for
 * anything else nothing. Undefined where the block would hold itself.
 */
export function taken<W extends Pick<Where, "document" | "graph">>(where: W, type: string): Taken<W> | undefined {
  const entry = libraryEntry(type);
  if (!entry) return { where, type };
  const { document, name } = adoptBlock(where.document, entry);
  if (!usableBlocks(document, where.graph).includes(name)) return undefined;
  return { where: { ...where, document }, type: `block:${name}`, params: { ...entry.params } };
}
