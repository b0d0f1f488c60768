import type { Liveness } from "../../renderer/host/locks.ts";
import { type Host, HostError, type HostEvent, type RunRecord } from "../../src/host/contract.ts";

/** A machine in memory, with switches for what goes wrong on real ones. */
export interface MemoryHost extends Host {
  readonly files: Map<string, { text: string; version: string }>;
  readonly kept: Map<string, { path?: string; name: string; text: string; saved: number }>;
  readonly runs: Map<string, { record: RunRecord; document: string; metrics: string; checkpoint?: { step: number; bytes: Uint8Array } }>;
  /** Set: every write fails with it. */
  fault: HostError | undefined;
  /** Calls by name, in order. */
  readonly calls: string[];
  send(event: HostEvent): void;
}

export function createMemoryHost(): MemoryHost {
  const files: MemoryHost["files"] = new Map();
  const kept: MemoryHost["kept"] = new Map();
  const runs: MemoryHost["runs"] = new Map();
  const data = new Map<string, Uint8Array<ArrayBuffer>>();
  const calls: string[] = [];
  const listeners = new Set<(event: HostEvent) => void>();
  let settings: Record<string, unknown> = {};
  let version = 0;

  const run = (id: string) => {
    const found = runs.get(id);
    if (found === undefined) throw new HostError("not-found", `There is no run ${id}.`);
    return found;
  };
  const write = (name: string) => {
    calls.push(name);
    if (host.fault !== undefined) throw host.fault;
  };

  const host: MemoryHost = {
    files,
    kept,
    runs,
    calls,
    fault: undefined,
    send: (event) => {
      for (const listener of listeners) listener(event);
    },
    info: async () => ({ shell: "serve", version: "0", folder: "/home", nativeDialogs: false, platform: "linux" }),
    chooseOpen: async () => null,
    chooseSave: async () => null,
    chooseFolder: async () => null,
    listFolder: async () => ({ folder: "/home", folders: [], files: [] }),
    async readDocument(path) {
      const file = files.get(path);
      if (file === undefined) throw new HostError("not-found", `${path} is not there any more.`);
      return { path, ...file };
    },
    async writeDocument(path, text, expected) {
      write("writeDocument");
      const file = files.get(path);
      if (expected !== null && file?.version !== expected) throw new HostError("conflict", `${path} has been changed by another window.`);
      version++;
      files.set(path, { text, version: `v${version}` });
      return { path, version: `v${version}` };
    },
    recent: async () => [...files.keys()].map((path) => ({ path, name: path, opened: 0 })),
    forgetRecent: async () => undefined,
    async autosave(key, about, text) {
      write("autosave");
      kept.set(key, { ...about, text, saved: Date.now() });
    },
    autosaves: async () => [...kept].map(([key, { text: _, ...about }]) => ({ key, ...about })),
    async readAutosave(key) {
      const found = kept.get(key);
      if (found === undefined) throw new HostError("not-found", "That autosave is gone.");
      return found.text;
    },
    async removeAutosave(key) {
      write("removeAutosave");
      kept.delete(key);
    },
    settings: async () => settings,
    async saveSettings(changes) {
      settings = { ...settings, ...changes };
    },
    listRuns: async () => [...runs.values()].map(({ record }) => record),
    async createRun(record, document) {
      write("createRun");
      runs.set(record.id, { record: { ...record }, document, metrics: "" });
    },
    async updateRun(id, patch) {
      write("updateRun");
      Object.assign(run(id).record, patch);
    },
    async appendMetrics(id, lines) {
      write("appendMetrics");
      run(id).metrics += lines;
    },
    readMetrics: async (id) => run(id).metrics,
    readRunDocument: async (id) => run(id).document,
    async saveCheckpoint(id, step, bytes) {
      write("saveCheckpoint");
      run(id).checkpoint = { step, bytes };
    },
    readCheckpoint: async (id) => {
      const bytes = run(id).checkpoint?.bytes;
      return bytes === undefined ? null : new Uint8Array(bytes);
    },
    async deleteRun(id) {
      write("deleteRun");
      runs.delete(id);
    },
    listData: async () => [...data].map(([name, bytes]) => ({ name, bytes: bytes.length, modified: 0 })),
    async putData(name, bytes) {
      write("putData");
      data.set(name, new Uint8Array(bytes));
    },
    async readData(name) {
      const bytes = data.get(name);
      if (bytes === undefined) throw new HostError("not-found", `${name} is gone.`);
      return bytes;
    },
    async removeData(name) {
      write("removeData");
      data.delete(name);
    },
    writeExport: async (path) => path,
    setWindowState: async () => undefined,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return host;
}

/** Locks that all windows of a test share; `crash` lets go of everything that was held through this one. */
export function createLocks(): { window(): Liveness & { crash(): void } } {
  const held = new Map<symbol, string>();
  return {
    window() {
      const mine = new Set<symbol>();
      return {
        hold(name) {
          const lock = Symbol(name);
          held.set(lock, name);
          mine.add(lock);
          return () => held.delete(lock);
        },
        held: async () => new Set(held.values()),
        crash() {
          for (const lock of mine) held.delete(lock);
        },
      };
    },
  };
}
