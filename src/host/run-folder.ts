import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { appendWhole, type FileSystem, writeAtomic } from "./atomic.ts";
import { HostError, type RunPatch, type RunRecord, runRecordSchema } from "./contract.ts";
import { hostError, isMissing } from "./errors.ts";
import { readJson, writeJson } from "./json-file.ts";
import { hostLimits, requireSize } from "./limits.ts";
import { readBytes } from "./read-bytes.ts";

/** One run's folder: `run.json`, `document.json`, `metrics.jsonl`, `checkpoint.safetensors`. Calls are made one after the other. */
export interface RunFolder {
  readonly path: string;
  /** @throws HostError "not-found" */
  record(): Promise<RunRecord>;
  /** The record, or undefined if there is none that can be read. */
  find(): Promise<RunRecord | undefined>;
  /** @throws HostError "conflict" if there is a run already */
  create(record: RunRecord, document: string): Promise<void>;
  update(patch: RunPatch): Promise<void>;
  document(): Promise<string>;
  /** Rows up to and with the last whole line: what a crash has torn is left out. */
  metrics(): Promise<string>;
  append(lines: string): Promise<void>;
  /** Puts other rows in the place of all: a run that goes on from a checkpoint does later steps again. */
  replaceMetrics(lines: string): Promise<void>;
  saveCheckpoint(step: number, bytes: Uint8Array): Promise<void>;
  checkpoint(): Promise<Uint8Array | null>;
  remove(): Promise<void>;
  /** Is the process that trains it, by its own word, still there? */
  ownerLives(): Promise<boolean>;
}

const ownerSchema = z.object({ process: z.number() });

export function openRunFolder(path: string, files: FileSystem): RunFolder {
  const at = (file: string) => join(path, file);
  const find = () => readJson(at("run.json"), runRecordSchema);
  const record = async (): Promise<RunRecord> => {
    const found = await find();
    if (found === undefined) throw new HostError("not-found", `The run ${basename(path)} is not there any more.`);
    return found;
  };
  const claim = () => writeJson(at("owner.json"), { process: process.pid }, files);

  return {
    path,
    record,
    find,

    async create(first, document) {
      requireSize("The run's document", Buffer.byteLength(document), hostLimits.document);
      if ((await find()) !== undefined) throw new HostError("conflict", `There is a run in ${path} already.`);
      const made = await mkdir(path, { recursive: true }).catch((error: unknown) => {
        throw hostError(error, path, "saved");
      });
      try {
        await claim();
        await writeAtomic(at("document.json"), document, files);
        await writeJson(at("run.json"), first, files);
      } catch (error) {
        if (made !== undefined) await rm(made, { recursive: true, force: true });
        throw error;
      }
    },

    async update(patch) {
      const next = runRecordSchema.parse({ ...(await record()), ...patch });
      if (patch.state === "running") await claim();
      await writeJson(at("run.json"), next, files);
    },

    async document() {
      try {
        return await readFile(at("document.json"), "utf8");
      } catch (error) {
        throw hostError(error, `The document of run ${basename(path)}`, "read");
      }
    },

    async metrics() {
      await record();
      try {
        const text = await readFile(at("metrics.jsonl"), "utf8");
        return text.slice(0, text.lastIndexOf("\n") + 1);
      } catch (error) {
        if (isMissing(error)) return "";
        throw hostError(error, "metrics.jsonl", "read");
      }
    },

    async append(lines) {
      if (lines === "") return;
      await record();
      const before = await stat(at("metrics.jsonl")).catch(() => undefined);
      requireSize("The run's metrics", (before?.size ?? 0) + Buffer.byteLength(lines), hostLimits.metrics);
      const torn = before !== undefined && before.size > 0 && !(await endsLine(at("metrics.jsonl"), before.size));
      await appendWhole(at("metrics.jsonl"), `${torn ? "\n" : ""}${ended(lines)}`, files);
    },

    replaceMetrics: (lines) => writeAtomic(at("metrics.jsonl"), ended(lines), files),

    async saveCheckpoint(step, bytes) {
      requireSize("The checkpoint", bytes.byteLength, hostLimits.checkpoint);
      const before = await record();
      await writeAtomic(at("checkpoint.safetensors"), bytes, files);
      await writeJson(at("run.json"), { ...before, checkpointStep: step }, files);
    },

    async checkpoint() {
      try {
        return await readBytes(at("checkpoint.safetensors"));
      } catch (error) {
        if (isMissing(error)) return null;
        throw hostError(error, "checkpoint.safetensors", "read");
      }
    },

    remove: () =>
      rm(path, { recursive: true, force: true }).catch((error: unknown) => {
        throw hostError(error, basename(path), "deleted");
      }),

    async ownerLives() {
      const owner = await readJson(at("owner.json"), ownerSchema);
      return owner !== undefined && processLives(owner.process);
    },
  };
}

const ended = (lines: string): string => (lines === "" || lines.endsWith("\n") ? lines : `${lines}\n`);

async function endsLine(path: string, size: number): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(new Uint8Array(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
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
