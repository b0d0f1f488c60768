import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { FileSystem } from "./atomic.ts";
import { type Autosave, HostError } from "./contract.ts";
import { isMissing } from "./errors.ts";
import { readJson, writeJson } from "./json-file.ts";
import { hostLimits, requireSize } from "./limits.ts";
import type { Queue } from "./queue.ts";

/** One file an autosave, so that the text and what is said of it never disagree. */
const savedSchema = z.object({ path: z.string().optional(), name: z.string(), saved: z.number(), text: z.string() });

export interface Autosaves {
  save(key: string, about: { readonly path?: string | undefined; readonly name: string }, text: string): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly Autosave[]>;
  read(key: string): Promise<string>;
  remove(key: string): Promise<void>;
}

/** The latest autosave of each document, and the one before in case the latest is damaged. */
export function createAutosaves(home: string, queue: Queue, files: FileSystem): Autosaves {
  const folder = join(home, "autosave");
  const current = (key: string) => join(folder, `${key}.json`);
  const previous = (key: string) => join(folder, `${key}.previous.json`);
  const load = async (key: string) => (await readJson(current(key), savedSchema)) ?? (await readJson(previous(key), savedSchema));

  return {
    save: (key, about, text) =>
      queue(current(key), async () => {
        requireSize("The autosave", Buffer.byteLength(text), hostLimits.document);
        const next = `${current(key)}.next`;
        await writeJson(next, { ...about, saved: Date.now(), text }, files);
        await rename(current(key), previous(key)).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
        await rename(next, current(key));
      }),

    async list() {
      const names = await readdir(folder).catch(() => []);
      const keys = new Set(names.flatMap((name) => /^([A-Za-z0-9_-]+)(?:\.previous)?\.json$/.exec(name)?.[1] ?? []));
      const found = await Promise.all(
        [...keys].map(async (key): Promise<Autosave[]> => {
          const saved = await load(key);
          return saved === undefined
            ? []
            : [{ key, ...(saved.path === undefined ? {} : { path: saved.path }), name: saved.name, saved: saved.saved }];
        }),
      );
      return found.flat().sort((a, b) => b.saved - a.saved);
    },

    async read(key) {
      const saved = await load(key);
      if (saved === undefined) throw new HostError("not-found", "This autosave is not there any more.");
      return saved.text;
    },

    remove: (key) =>
      queue(current(key), async () => {
        await rm(current(key), { force: true });
        await rm(previous(key), { force: true });
      }),
  };
}
