import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { type Access, realPath } from "./access.ts";
import { type FileSystem, writeAtomic } from "./atomic.ts";
import { HostError } from "./contract.ts";
import { hostError, isMissing } from "./errors.ts";
import { hostLimits, requireSize } from "./limits.ts";

export type ExportFiles = readonly (readonly [name: string, bytes: Uint8Array])[];

/** Names as they stand in exports: `model.json`, `netloom_export/train.py`; never a way out of the folder. */
const safeName = /^(?!.*(?:^|\/)\.)[A-Za-z0-9_ ().-]+(?:\/[A-Za-z0-9_ ().-]+)*$/;

/**
 * Writes all files of an export, or none: they are staged beside the folder, then moved in one after the other; if a
 * move fails, those done are undone. Files of the folder with other names stay.
 * @returns the folder. @throws HostError
 */
export async function writeExport(access: Pick<Access, "folder">, path: string, contents: ExportFiles, files: FileSystem): Promise<string> {
  const folder = await access.folder(path);
  requireNames(contents.map(([name]) => name));
  requireSize(
    "The export",
    contents.reduce((sum, [, bytes]) => sum + bytes.byteLength, 0),
    hostLimits.exported,
  );
  const staging = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString("hex")}.tmp`);
  const replaced = join(staging, ".replaced");
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const [name, bytes] of contents) {
      const staged = join(staging, name);
      await mkdir(dirname(staged), { recursive: true });
      await writeAtomic(staged, bytes, files);
    }
    for (const [name] of contents) await moveIn(join(staging, name), folder, name, replaced, files, undo);
    return folder;
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw hostError(error, folder, "saved");
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
}

function requireNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!safeName.test(name) || seen.has(name)) throw new HostError("bad-request", `${name.slice(0, 80)} cannot be a file of an export.`);
    seen.add(name);
  }
}

async function moveIn(staged: string, folder: string, name: string, replaced: string, files: FileSystem, undo: (() => Promise<void>)[]) {
  const target = join(folder, name);
  const made = await mkdir(dirname(target), { recursive: true });
  if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
  const real = await realPath(target);
  if (!real.startsWith(`${await realPath(folder)}${sep}`)) throw new HostError("not-allowed", `${name} is a link out of the folder.`);
  const old = join(replaced, name);
  await mkdir(dirname(old), { recursive: true });
  try {
    await files.rename(target, old);
    undo.push(() => rename(old, target));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await files.rename(staged, target);
  undo.push(() => rename(target, staged));
}
