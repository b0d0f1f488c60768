import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { fileVersion } from "./documents.ts";

/** Milliseconds of quiet after which a file that moved is looked at: editors write in several steps. */
const quiet = 120;
/** Documents watched at most; the one opened longest ago is let go. */
const most = 64;

export interface Watcher {
  /** From now on tell when the file is no longer of this version. */
  follow(path: string, version: string): void;
  dispose(): void;
}

/** Notices documents that others change or delete. Folders are watched, not files: saving by rename replaces the file. */
export function createWatcher(changed: (path: string, version: string | null) => void): Watcher {
  const known = new Map<string, string | null>();
  const folders = new Map<string, FSWatcher>();
  const due = new Map<string, NodeJS.Timeout>();

  async function look(path: string): Promise<void> {
    const version = await fileVersion(path).catch(() => undefined);
    if (version === undefined || !known.has(path) || known.get(path) === version) return;
    known.set(path, version);
    changed(path, version);
  }
  function soon(path: string): void {
    clearTimeout(due.get(path));
    due.set(
      path,
      setTimeout(() => {
        due.delete(path);
        void look(path);
      }, quiet),
    );
  }
  function watchFolder(folder: string): void {
    if (folders.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        for (const path of known.keys()) if (dirname(path) === folder) soon(path);
      });
      watcher.on("error", () => leaveFolder(folder));
      folders.set(folder, watcher);
    } catch {
      // Some file systems cannot be watched: writing still finds conflicts.
    }
  }
  function leaveFolder(folder: string): void {
    folders.get(folder)?.close();
    folders.delete(folder);
  }
  function forget(path: string): void {
    known.delete(path);
    const folder = dirname(path);
    if (![...known.keys()].some((other) => dirname(other) === folder)) leaveFolder(folder);
  }

  return {
    follow(path, version) {
      known.delete(path);
      known.set(path, version);
      watchFolder(dirname(path));
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) forget(oldest);
    },
    dispose() {
      for (const timer of due.values()) clearTimeout(timer);
      for (const folder of [...folders.keys()]) leaveFolder(folder);
      known.clear();
    },
  };
}
