import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "./atomic.ts";
import type { RunPatch, RunRecord } from "./contract.ts";
import type { Queue } from "./queue.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";

/** All runs of a home, each in a folder that bears its id. */
export interface Runs {
  /** Newest first. */
  list(): Promise<readonly RunRecord[]>;
  create(record: RunRecord, document: string): Promise<void>;
  update(id: string, patch: RunPatch): Promise<void>;
  metrics(id: string): Promise<string>;
  append(id: string, lines: string): Promise<void>;
  document(id: string): Promise<string>;
  saveCheckpoint(id: string, step: number, bytes: Uint8Array): Promise<void>;
  checkpoint(id: string): Promise<Uint8Array | null>;
  remove(id: string): Promise<void>;
  /** Runs that say they are running although their process is gone become "interrupted", if the disk lets them. */
  markInterrupted(): Promise<void>;
}

export function createRuns(folder: string, queue: Queue, files: FileSystem): Runs {
  const within = <T>(id: string, task: (run: RunFolder) => Promise<T>): Promise<T> => queue(id, () => task(openRunFolder(join(folder, id), files)));
  const list = async (): Promise<RunRecord[]> => {
    const ids = (await readdir(folder).catch((): string[] => [])).filter((name) => /^[a-z0-9-]{1,64}$/.test(name));
    // What is no run, or cannot be read, is left out: it is not worth a failed start.
    const records = await Promise.all(
      ids.map((id) =>
        openRunFolder(join(folder, id), files)
          .find()
          .catch(() => undefined),
      ),
    );
    return records.filter((record) => record !== undefined).sort((a, b) => b.created - a.created);
  };
  return {
    list,
    create: (record, document) => within(record.id, (run) => run.create(record, document)),
    update: (id, patch) => within(id, (run) => run.update(patch)),
    metrics: (id) => within(id, (run) => run.metrics()),
    append: (id, lines) => within(id, (run) => run.append(lines)),
    document: (id) => within(id, (run) => run.document()),
    saveCheckpoint: (id, step, bytes) => within(id, (run) => run.saveCheckpoint(step, bytes)),
    checkpoint: (id) => within(id, (run) => run.checkpoint()),
    remove: (id) => within(id, (run) => run.remove()),
    async markInterrupted() {
      const running = (await list()).filter((record) => record.state === "running");
      await Promise.all(
        running.map(({ id }) =>
          within(id, async (run) => {
            if (!(await run.ownerLives())) await run.update({ state: "interrupted" });
          }).catch(() => undefined),
        ),
      );
    },
  };
}
