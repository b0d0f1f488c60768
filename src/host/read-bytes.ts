import { readFile } from "node:fs/promises";

/** A file's bytes as a plain array of its own: Node's Buffer is one with another `slice`, and may share memory with others. */
export const readBytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await readFile(path));
