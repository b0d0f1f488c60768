import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Access } from "./access.ts";
import { type FileSystem, writeAtomic } from "./atomic.ts";
import { type DocumentFile, type FolderListing, HostError, type Written } from "./contract.ts";
import { hostError, isMissing } from "./errors.ts";
import { hostLimits, requireSize } from "./limits.ts";
import type { Queue } from "./queue.ts";

/** Entries of a folder that are listed: a dialog with more is of no use. */
const listed = 5_000;

/** What a file's version is: a hash of its content, so that touching it without change is no change. */
const contentVersion = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex").slice(0, 32);

/** The version of a file on the disk; null if it is not there. @throws HostError */
export async function fileVersion(path: string): Promise<string | null> {
  try {
    return contentVersion(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return null;
    throw hostError(error, path, "read");
  }
}

export interface Documents {
  read(path: string): Promise<DocumentFile>;
  write(path: string, text: string, version: string | null): Promise<Written>;
  list(folder: string | null): Promise<FolderListing>;
}

export function createDocuments(access: Access, queue: Queue, files: FileSystem): Documents {
  return {
    async read(path) {
      const real = await access.file(path);
      try {
        const found = await stat(real);
        if (!found.isFile()) throw new HostError("bad-request", `${basename(real)} is not a file.`);
        requireSize(basename(real), found.size, hostLimits.document);
        const bytes = await readFile(real);
        return { path: real, text: decodeText(bytes, real), version: contentVersion(bytes) };
      } catch (error) {
        throw hostError(error, real, "read");
      }
    },

    async write(path, text, version) {
      const real = await access.file(path);
      requireSize(basename(real), Buffer.byteLength(text), hostLimits.document);
      return queue(real, async () => {
        if (version !== null) requireSame(real, version, await fileVersion(real));
        await writeAtomic(real, text, files);
        return { path: real, version: contentVersion(text) };
      });
    },

    async list(folder) {
      const real = await access.folder(folder ?? access.root);
      try {
        const entries = (await readdir(real, { withFileTypes: true })).filter((entry) => !entry.name.startsWith(".")).slice(0, listed);
        const described = await Promise.all(
          entries.map(async ({ name }) => {
            const found = await stat(join(real, name)).catch(() => undefined);
            return { name, found };
          }),
        );
        const names = described.filter(({ found }) => found?.isDirectory()).map(({ name }) => name);
        const documents = described.flatMap(({ name, found }) =>
          found?.isFile() === true ? [{ name, modified: Math.round(found.mtimeMs), bytes: found.size }] : [],
        );
        const parent = await access.folder(dirname(real)).catch(() => undefined);
        return {
          folder: real,
          ...(parent !== undefined && parent !== real ? { parent } : {}),
          folders: names.sort((a, b) => a.localeCompare(b)),
          files: documents.sort((a, b) => a.name.localeCompare(b.name)),
        };
      } catch (error) {
        throw hostError(error, real, "listed");
      }
    },
  };
}

function requireSame(path: string, expected: string, found: string | null): void {
  if (found === null)
    throw new HostError("conflict", `${basename(path)} has been deleted or moved since it was opened. Save it again or choose another name.`);
  if (found !== expected)
    throw new HostError("conflict", `${basename(path)} has been changed by another window or program since it was opened. Nothing has been written.`);
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HostError("bad-request", `${basename(path)} is not a text file (UTF-8), so it cannot be a Netloom document.`);
  }
}
