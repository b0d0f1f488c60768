import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { type FileSystem, writeAtomic } from "./atomic.ts";
import { hostError, isMissing } from "./errors.ts";

/** A small JSON file of Netloom's own. What is missing, damaged or of another shape reads as undefined: it is never worth a failed start. @throws HostError where the disk fails */
export async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw hostError(error, path, "read");
  }
}

/** @throws HostError */
export const writeJson = (path: string, value: unknown, files: FileSystem): Promise<void> =>
  writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`, files);
