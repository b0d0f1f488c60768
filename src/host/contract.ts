import { z } from "zod";

/**
 * What the app asks of the machine it runs on: files, dialogs, runs, data, autosaves, settings.
 * Electron answers over IPC, `netloom serve` over HTTP and a WebSocket, tests in process; the renderer cannot
 * tell which. Every argument is parsed by the schema here before anything is done with it.
 */

const path = z.string().min(1).max(4096);
const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\\0]+$/, "A file name has no slashes.")
  .refine((name) => name !== "." && name !== "..", "A file name is needed.");
const runId = z.string().regex(/^[a-z0-9-]{1,64}$/);
const key = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const documentText = z.string().max(64 * 1024 * 1024);
const bytes = z.instanceof(Uint8Array);

export const runStates = ["running", "paused", "finished", "stopped", "failed", "interrupted"] as const;
export type RunState = (typeof runStates)[number];

/** What is written down about a run, beside its document, metrics and checkpoint. */
export const runRecordSchema = z.looseObject({
  id: runId,
  name: z.string().max(200),
  document: z.string().max(200),
  /** SHA-256 of the document's text as it was trained. */
  documentHash: z.string().max(64),
  dataHash: z.string().max(64),
  seed: z.number(),
  batch: z.number(),
  backend: z.string().max(100),
  /** Milliseconds since 1970. */
  created: z.number(),
  state: z.enum(runStates),
  /** Why it failed, for people. */
  reason: z.string().max(4000).optional(),
  /** The node where the failure began. */
  node: z.string().max(1000).optional(),
  step: z.number(),
  steps: z.number(),
  checkpointStep: z.number().optional(),
  parameters: z.number(),
  seconds: z.number(),
  /** Latest value of each loss and metric: `"test/accuracy" → 0.94`. */
  figures: z.record(z.string(), z.number()),
  /** The run whose weights it began with, and which of them. */
  from: z
    .looseObject({
      run: z.string().max(200),
      name: z.string().max(200),
      document: z.string().max(200),
      step: z.number(),
      /** Rules as `"encoder=bert"`: what is called encoder here is bert there. */
      renamings: z.string().max(10_000),
      /** Weights that were taken, of so many in all, and the numbers in them. */
      carried: z.number(),
      variables: z.number(),
      parameters: z.number(),
      /** Weights that were drawn afresh, the first hundred. */
      fresh: z.array(z.string().max(1000)).max(100),
    })
    .optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const runPatch = runRecordSchema.partial().omit({ id: true });
export type RunPatch = z.infer<typeof runPatch>;

/** A file as read; `version` is given back on writing, so that two windows on one file notice each other. */
export interface DocumentFile {
  readonly path: string;
  readonly text: string;
  readonly version: string;
}
export interface Written {
  readonly path: string;
  readonly version: string;
}
export interface FolderListing {
  readonly folder: string;
  /** Absent at the top of what may be seen. */
  readonly parent?: string;
  readonly folders: readonly string[];
  readonly files: readonly { readonly name: string; readonly modified: number; readonly bytes: number }[];
}
export interface RecentFile {
  readonly path: string;
  readonly name: string;
  readonly opened: number;
}
export interface Autosave {
  readonly key: string;
  /** The file it belongs to, if it has been saved once. */
  readonly path?: string;
  readonly name: string;
  readonly saved: number;
}
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  readonly modified: number;
}
export interface HostInfo {
  readonly shell: "electron" | "serve";
  readonly version: string;
  /** Where the open and save dialogs start. */
  readonly folder: string;
  /** True if `chooseOpen`, `chooseSave`, `chooseFolder` show the system's dialogs; else the app shows its own. */
  readonly nativeDialogs: boolean;
  readonly platform: string;
}

/** An argument schema, with the type of the answer carried along for the compiler only. */
interface Method<A extends z.ZodTuple, R> {
  readonly args: A;
  readonly answer?: R;
}
const method =
  <R>() =>
  <A extends z.ZodTuple>(args: A): Method<A, R> => ({ args });

export const hostMethods = {
  info: method<HostInfo>()(z.tuple([])),
  chooseOpen: method<string | null>()(z.tuple([])),
  chooseSave: method<string | null>()(z.tuple([z.string().max(200)])),
  chooseFolder: method<string | null>()(z.tuple([])),
  listFolder: method<FolderListing>()(z.tuple([path.nullable()])),
  readDocument: method<DocumentFile>()(z.tuple([path])),
  /** Fails with code "conflict" if the file is no longer the one of `version`; null writes regardless. */
  writeDocument: method<Written>()(z.tuple([path, documentText, z.string().max(100).nullable()])),
  recent: method<readonly RecentFile[]>()(z.tuple([])),
  forgetRecent: method<void>()(z.tuple([path.nullable()])),
  autosave: method<void>()(z.tuple([key, z.object({ path: path.optional(), name: z.string().max(200) }), documentText])),
  autosaves: method<readonly Autosave[]>()(z.tuple([])),
  readAutosave: method<string>()(z.tuple([key])),
  removeAutosave: method<void>()(z.tuple([key])),
  settings: method<Record<string, unknown>>()(z.tuple([])),
  /** Sets these keys; others stay as they are. */
  saveSettings: method<void>()(z.tuple([z.record(z.string().max(100), z.json())])),
  listRuns: method<readonly RunRecord[]>()(z.tuple([])),
  /** A run that is running when its window goes away becomes "interrupted". */
  createRun: method<void>()(z.tuple([runRecordSchema, documentText])),
  updateRun: method<void>()(z.tuple([runId, runPatch])),
  /** Appends JSON lines, one a row of `MetricsRow`. */
  appendMetrics: method<void>()(z.tuple([runId, z.string().max(16 * 1024 * 1024)])),
  readMetrics: method<string>()(z.tuple([runId])),
  readRunDocument: method<string>()(z.tuple([runId])),
  saveCheckpoint: method<void>()(z.tuple([runId, z.number().int().min(0), bytes])),
  readCheckpoint: method<Uint8Array | null>()(z.tuple([runId])),
  deleteRun: method<void>()(z.tuple([runId])),
  listData: method<readonly DataFile[]>()(z.tuple([])),
  putData: method<void>()(z.tuple([fileName, bytes])),
  readData: method<Uint8Array>()(z.tuple([fileName])),
  removeData: method<void>()(z.tuple([fileName])),
  /** Writes all files of an export into a folder, or none. Returns the folder. */
  writeExport: method<string>()(z.tuple([path, z.array(z.tuple([z.string().min(1).max(300), bytes])).max(10_000)])),
  /** Tells the shell whether closing would lose work, and the title its window should bear. */
  setWindowState: method<void>()(z.tuple([z.object({ title: z.string().max(300), edited: z.boolean() })])),
} as const;

export type HostMethods = typeof hostMethods;
export type HostMethod = keyof HostMethods;
type Answer<M> = M extends Method<z.ZodTuple, infer R> ? R : never;

/** What happens to the app from outside. */
export type HostEvent =
  | { readonly kind: "file-changed"; readonly path: string; readonly version: string | null }
  /** A command from the native menu, or a file opened from the desktop. */
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "open"; readonly path: string };

export type Host = {
  readonly [M in HostMethod]: (...args: z.input<HostMethods[M]["args"]>) => Promise<Answer<HostMethods[M]>>;
} & {
  /** Returns how to stop listening. */
  onEvent(listener: (event: HostEvent) => void): () => void;
};

/** Codes that the app acts on; the message is for people. */
export type HostErrorCode = "conflict" | "not-found" | "not-allowed" | "disk-full" | "too-large" | "bad-request" | "failed";

export class HostError extends Error {
  constructor(
    readonly code: HostErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "HostError";
  }
}
