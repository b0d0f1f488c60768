import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FileSystem, writeAtomic } from "./atomic.ts";
import { type DataFile, HostError } from "./contract.ts";
import { hostError } from "./errors.ts";
import { hostLimits, requireSize } from "./limits.ts";
import { readBytes } from "./read-bytes.ts";

/** The files of data that the user has brought, kept by name under home. */
export interface DataFiles {
  list(): Promise<readonly DataFile[]>;
  put(name: string, bytes: Uint8Array): Promise<void>;
  read(name: string): Promise<Uint8Array>;
  remove(name: string): Promise<void>;
}

export function createDataFiles(home: string, files: FileSystem): DataFiles {
  const folder = join(home, "data");
  const at = (name: string): string => {
    if (name.startsWith(".")) throw new HostError("bad-request", `${name}: a data file's name does not start with a dot.`);
    return join(folder, name);
  };
  return {
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith("."));
      const found = await Promise.all(
        names.map(async (name): Promise<DataFile[]> => {
          const described = await stat(join(folder, name)).catch(() => undefined);
          return described?.isFile() === true ? [{ name, bytes: described.size, modified: Math.round(described.mtimeMs) }] : [];
        }),
      );
      return found.flat().sort((a, b) => a.name.localeCompare(b.name));
    },
    async put(name, bytes) {
      requireSize(name, bytes.byteLength, hostLimits.data);
      await writeAtomic(at(name), bytes, files);
    },
    async read(name) {
      try {
        return await readBytes(at(name));
      } catch (error) {
        throw hostError(error, name, "read");
      }
    },
    async remove(name) {
      await rm(at(name), { force: true }).catch((error: unknown) => {
        throw hostError(error, name, "deleted");
      });
    },
  };
}
