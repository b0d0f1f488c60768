import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Access } from "./access.ts";
import type { FileSystem } from "./atomic.ts";
import type { RecentFile } from "./contract.ts";
import { readJson, writeJson } from "./json-file.ts";
import { hostLimits, requireSize } from "./limits.ts";
import type { Queue } from "./queue.ts";

const kept = 20;
const recentSchema = z.array(z.object({ path: z.string(), name: z.string(), opened: z.number() }));
const settingsSchema = z.record(z.string(), z.json());

export interface Settings {
  read(): Promise<Record<string, unknown>>;
  /** Sets the given keys and leaves the others. @throws HostError */
  merge(changes: Record<string, unknown>): Promise<void>;
}

export function createSettings(home: string, queue: Queue, files: FileSystem): Settings {
  const path = join(home, "settings.json");
  const read = async () => (await readJson(path, settingsSchema)) ?? {};
  return {
    read,
    merge: (changes) =>
      queue(path, async () => {
        const next = { ...(await read()), ...changes };
        requireSize("The settings", Buffer.byteLength(JSON.stringify(next)), hostLimits.settings);
        await writeJson(path, next, files);
      }),
  };
}

export interface Recent {
  /** Newest first; only files that are there and may be opened. */
  list(): Promise<readonly RecentFile[]>;
  add(path: string): Promise<void>;
  /** Null forgets all. */
  forget(path: string | null): Promise<void>;
  /** Every path ever kept, for granting at the start. */
  paths(): Promise<readonly string[]>;
}

export function createRecent(home: string, access: Access, queue: Queue, files: FileSystem): Recent {
  const file = join(home, "recent.json");
  const all = async () => (await readJson(file, recentSchema)) ?? [];
  const reachable = async (path: string): Promise<boolean> => {
    try {
      return (await stat(await access.file(path))).isFile();
    } catch {
      return false;
    }
  };
  return {
    async list() {
      const entries = await all();
      const there = await Promise.all(entries.map(({ path }) => reachable(path)));
      return entries.filter((_, index) => there[index]);
    },
    add: (path) =>
      queue(file, async () => {
        const entry: RecentFile = { path, name: basename(path), opened: Date.now() };
        await writeJson(file, [entry, ...(await all()).filter((other) => other.path !== path)].slice(0, kept), files);
      }),
    forget: (path) => queue(file, async () => writeJson(file, path === null ? [] : (await all()).filter((other) => other.path !== path), files)),
    paths: async () => (await all()).map((entry) => entry.path),
  };
}
