import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { imagesFromFiles } from "../data/images.ts";
import { formatProblems } from "../data/user.ts";
import { zipLimits } from "../data/zip.ts";
import { readBytes } from "../host/read-bytes.ts";

/**
 * A folder of class folders with pictures, or of a graph's tables, packed as the zip that the app makes of it: the same files are the same
 * data. Links are not followed.
 * @throws Error with a message for people
 */
export async function packPictureFolder(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.slice(0, zipLimits.entries).map(async (path) => (await stat(path)).size));
  if (paths.length > zipLimits.entries || sizes.reduce((sum, size) => sum + size, 0) > zipLimits.bytes)
    throw new Error("The folder holds more than can be read: take fewer or smaller files.");
  const files: { path: string; bytes: Uint8Array }[] = [];
  for (const path of paths.sort()) files.push({ path: path.slice(folder.length + 1), bytes: await readBytes(path) });
  const packed = imagesFromFiles(files);
  if (!packed.ok) throw new Error(formatProblems(packed.problems));
  return packed.zip;
}
