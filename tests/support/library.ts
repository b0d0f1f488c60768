import { readdirSync, readFileSync } from "node:fs";
import { type LibraryBlock, libraryBlock } from "../../src/document/library.ts";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";

/** The library of blocks as files. Paths begin at the repository, from which all scripts run. */

export const libraryIds: readonly string[] = readdirSync("templates/blocks")
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
  .sort();

export const libraryText = (id: string): string => readFileSync(`templates/blocks/${id}.json`, "utf8");

export function openLibraryBlock(id: string): { document: NetloomDocument; block: LibraryBlock } {
  const result = readDocument(libraryText(id));
  if (!result.ok) throw new Error(`${id}: ${JSON.stringify(result.problems)}`);
  const block = libraryBlock(id, result.document);
  if (!block) throw new Error(`${id} shows no block, or several.`);
  return { document: result.document, block };
}
