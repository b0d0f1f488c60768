import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hostError } from "./errors.ts";

/** What writing needs of the file system; tests give one that fails. */
export interface FileSystem {
  readonly open: typeof open;
  readonly rename: typeof rename;
}
export const diskFileSystem: FileSystem = { open, rename };

/**
 * Writes a whole file or nothing: a temporary file beside it, fsync, rename. A symbolic link stays one; the file's
 * permissions are kept. `write-file-atomic` is not used because it takes a short write, as a nearly full disk gives it,
 * for a whole one.
 * @throws HostError
 */
export async function writeAtomic(path: string, content: string | Uint8Array, files: FileSystem = diskFileSystem): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  const mode = await stat(target).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  try {
    const file = await files.open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw hostError(error, path, "saved");
  }
}

/** Makes a rename last through a power cut; some systems cannot open folders, and then there is nothing to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Appends to a file all of the text or nothing. @throws HostError */
export async function appendWhole(path: string, text: string, files: FileSystem = diskFileSystem): Promise<void> {
  try {
    const file = await files.open(path, "a");
    try {
      const before = (await file.stat()).size;
      try {
        await file.appendFile(text);
      } catch (error) {
        await file.truncate(before).catch(() => undefined);
        throw error;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw hostError(error, path, "saved");
  }
}
