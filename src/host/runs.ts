import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appendWhole, type FileSystem, writeAtomic } from "./atomic.ts";
import { HostError, type RunPatch, type RunRecord, type RunState, runRecordSchema } from "./contract.ts";
import { hostError, isMissing } from "./errors.ts";
import { readJson, writeJson } from "./json-file.ts";
import { hostLimits, requireSize } from "./limits.ts";
import type { Queue } from "./queue.ts";

/** A run's folder: `run.json`, `document.json`, `metrics.jsonl`, `checkpoint.safetensors`, `owner.json`. */
export interface Runs {
  list(): Promise<readonly RunRecord[]>;
  create(record: RunRecord, document: string): Promise<void>;
  update(id: string, patch: RunPatch): Promise<RunRecord>;
  /** Rows up to and with the last whole line: what a crash has torn is left out. */
  metrics(id: string): Promise<string>;
  append(id: string, lines: string): Promise<void>;
  document(id: string): Promise<string>;
  saveCheckpoint(id: string, step: number, bytes: Uint8Array): Promise<void>;
  checkpoint(id: string): Promise<Uint8Array | null>;
  remove(id: string): Promise<void>;
  /** Runs that say they are running although their process is gone become "interrupted". */
  markInterrupted(): Promise<void>;
}

export const isActive = (state: RunState): boolean => state === "running" || state === "paused";

const ownerSchema = z.object({ process: z.number() });

export function createRuns(folder: string, queue: Queue, files: FileSystem): Runs {
  const at = (id: string, file: string) => join(folder, id, file);
  const read = async (id: string): Promise<RunRecord> => {
    const record = await readJson(at(id, "run.json"), runRecordSchema);
    if (record === undefined) throw new HostError("not-found", `The run ${id} is not there any more.`);
    return record;
  };
  const ids = async () => (await readdir(folder).catch(() => [])).filter((name) => /^[a-z0-9-]{1,64}$/.test(name));
  const records = async () => {
    const found = await Promise.all((await ids()).map((id) => readJson(at(id, "run.json"), runRecordSchema)));
    return found.filter((record) => record !== undefined);
  };
  const update = (id: string, patch: RunPatch): Promise<RunRecord> =>
    queue(id, async () => {
      const next = runRecordSchema.parse({ ...(await read(id)), ...patch, id });
      await writeJson(at(id, "run.json"), next, files);
      return next;
    });
  const ownerLives = async (id: string): Promise<boolean> => {
    const owner = await readJson(at(id, "owner.json"), ownerSchema);
    return owner !== undefined && processLives(owner.process);
  };
  const claim = (id: string) => writeJson(at(id, "owner.json"), { process: process.pid }, files);

  return {
    list: async () => (await records()).sort((a, b) => b.created - a.created),

    create: (record, document) =>
      queue(record.id, async () => {
        requireSize("The run's document", Buffer.byteLength(document), hostLimits.document);
        await mkdir(folder, { recursive: true });
        try {
          await mkdir(join(folder, record.id));
        } catch (error) {
          if (error instanceof Error && "code" in error && error.code === "EEXIST")
            throw new HostError("conflict", `There is a run ${record.id} already.`);
          throw hostError(error, record.id, "saved");
        }
        try {
          await claim(record.id);
          await writeAtomic(at(record.id, "document.json"), document, files);
          await writeJson(at(record.id, "run.json"), record, files);
        } catch (error) {
          await rm(join(folder, record.id), { recursive: true, force: true });
          throw error;
        }
      }),

    async update(id, patch) {
      if (patch.state !== undefined && isActive(patch.state)) {
        await read(id);
        await claim(id);
      }
      return update(id, patch);
    },

    async metrics(id) {
      await read(id);
      try {
        const text = await readFile(at(id, "metrics.jsonl"), "utf8");
        return text.slice(0, text.lastIndexOf("\n") + 1);
      } catch (error) {
        if (isMissing(error)) return "";
        throw hostError(error, "metrics.jsonl", "read");
      }
    },

    append: (id, lines) =>
      queue(id, async () => {
        if (lines === "") return;
        await read(id);
        const path = at(id, "metrics.jsonl");
        const before = await stat(path).catch(() => undefined);
        requireSize("The run's metrics", (before?.size ?? 0) + Buffer.byteLength(lines), hostLimits.metrics);
        const torn = before !== undefined && before.size > 0 && !(await endsLine(path));
        await appendWhole(path, `${torn ? "\n" : ""}${lines}${lines.endsWith("\n") ? "" : "\n"}`, files);
      }),

    async document(id) {
      try {
        return await readFile(at(id, "document.json"), "utf8");
      } catch (error) {
        throw hostError(error, `The document of run ${id}`, "read");
      }
    },

    async saveCheckpoint(id, step, bytes) {
      requireSize("The checkpoint", bytes.byteLength, hostLimits.checkpoint);
      await queue(id, async () => {
        await read(id);
        await writeAtomic(at(id, "checkpoint.safetensors"), bytes, files);
      });
      await update(id, { checkpointStep: step });
    },

    async checkpoint(id) {
      try {
        return await readFile(at(id, "checkpoint.safetensors"));
      } catch (error) {
        if (isMissing(error)) return null;
        throw hostError(error, "checkpoint.safetensors", "read");
      }
    },

    remove: (id) =>
      queue(id, async () => {
        await rm(join(folder, id), { recursive: true, force: true }).catch((error: unknown) => {
          throw hostError(error, id, "deleted");
        });
      }),

    async markInterrupted() {
      const active = (await records()).filter((record) => isActive(record.state));
      await Promise.all(
        active.map(async ({ id }) => {
          if (!(await ownerLives(id))) await update(id, { state: "interrupted" });
        }),
      );
    },
  };
}

async function endsLine(path: string): Promise<boolean> {
  const text = await readFile(path);
  return text.at(-1) === 0x0a;
}

/** This process is never the owner of a run that it has not begun itself: its number may be that of a dead one. */
function processLives(id: number): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
