import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DataReader, DecodeImage } from "../../src/data/types.ts";

/** Bundled files from the disk, user's files from a record. */
export const testReader = (files: Readonly<Record<string, Uint8Array>> = {}, decodeImage?: DecodeImage): DataReader => ({
  bundled: async (name) => new Uint8Array(await readFile(fileURLToPath(new URL(`../../src/data/files/${name}`, import.meta.url)))),
  user: async (name) => {
    const bytes = files[name];
    if (!bytes) throw new Error(`There is no file "${name}" any more.`);
    return bytes;
  },
  ...(decodeImage ? { decodeImage } : {}),
});

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
