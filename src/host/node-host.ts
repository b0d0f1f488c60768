import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Access, confinedAccess, grantedAccess } from "./access.ts";
import { diskFileSystem, type FileSystem } from "./atomic.ts";
import { createAutosaves } from "./autosave.ts";
import type { Host, HostEvent, HostInfo, RunState } from "./contract.ts";
import { createDataFiles } from "./data.ts";
import { createDocuments } from "./documents.ts";
import { writeExport } from "./exports.ts";
import { createQueue } from "./queue.ts";
import { createRuns } from "./runs.ts";
import { createRecent, createSettings } from "./settings.ts";
import { createWatcher } from "./watch.ts";

/** The system's dialogs, where the shell has them; null means that the person has cancelled. */
export interface Dialogs {
  open(): Promise<string | null>;
  save(suggested: string): Promise<string | null>;
  folder(): Promise<string | null>;
}

export interface NodeHostOptions {
  /** Netloom's own folder: settings, autosaves, runs, the user's data. Made if it is not there. */
  readonly home: string;
  /** Where browsing starts; in `serve` nothing outside it is read or written. */
  readonly folder: string;
  readonly shell: HostInfo["shell"];
  readonly version: string;
  readonly dialogs?: Dialogs;
  readonly setWindowState?: (state: { readonly title: string; readonly edited: boolean }) => void;
  /** Told of every document that has been opened or saved. */
  readonly remembered?: (path: string) => void;
  /** For tests: a disk that fails. */
  readonly files?: FileSystem;
}

/** One window's share of the host: its events, and the runs that end with it. */
export interface HostSession extends Host {
  /** The window is gone (its runs become "interrupted"), or back after a lost connection. */
  setConnected(connected: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface NodeHost extends HostSession {
  openSession(setWindowState?: NodeHostOptions["setWindowState"]): HostSession;
  /** To every window: menu commands, files opened from the desktop. */
  send(event: HostEvent): void;
  /** The person has pointed at this path outside the app: it may be read and written. */
  grant(path: string): void;
  dispose(): Promise<void>;
}

/** The one implementation of Host: files on this machine. Itself a first session; `openSession` makes more. */
export async function createNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  const home = resolve(options.home);
  for (const folder of ["", "autosave", "runs", "data"]) await mkdir(join(home, folder), { recursive: true, mode: 0o700 });

  const files = options.files ?? diskFileSystem;
  const queue = createQueue();
  const access: Access = options.shell === "serve" ? confinedAccess(options.folder) : grantedAccess(options.folder);
  const documents = createDocuments(access, queue, files);
  const settings = createSettings(home, queue, files);
  const recent = createRecent(home, access, queue, files);
  const autosaves = createAutosaves(home, queue, files);
  const runs = createRuns(join(home, "runs"), queue, files);
  const data = createDataFiles(home, files);
  const listeners = new Map<symbol, Set<(event: HostEvent) => void>>();
  const send = (event: HostEvent, except?: symbol): void => {
    for (const [session, heard] of listeners) if (session !== except) for (const listener of [...heard]) listener(event);
  };
  const watcher = createWatcher((path, version) => send({ kind: "file-changed", path, version }));

  for (const path of await recent.paths()) access.grant(path);
  await runs.markInterrupted();

  const choose = async (choice: Promise<string | null> | undefined): Promise<string | null> => {
    const path = (await choice) ?? null;
    if (path !== null) access.grant(path);
    return path;
  };
  /** A file that could be opened or saved is worth remembering; a failure to remember is not worth failing. */
  const remember = async (path: string, version: string): Promise<void> => {
    watcher.follow(path, version);
    await recent.add(path).catch(() => undefined);
    options.remembered?.(path);
  };

  function openSession(setWindowState = options.setWindowState): HostSession {
    const session = Symbol("session");
    const heard = new Set<(event: HostEvent) => void>();
    listeners.set(session, heard);
    /** Runs that this window trains. */
    const own = new Set<string>();
    const note = (id: string, state: RunState | undefined): void => {
      if (state === "running") own.add(id);
      else if (state !== undefined) own.delete(id);
    };
    const setConnected = async (connected: boolean): Promise<void> => {
      for (const id of own) await runs.update(id, { state: connected ? "running" : "interrupted" }).catch(() => undefined);
    };

    return {
      info: async () => ({
        shell: options.shell,
        version: options.version,
        folder: access.root,
        nativeDialogs: options.dialogs !== undefined,
        platform: process.platform,
      }),
      chooseOpen: () => choose(options.dialogs?.open()),
      chooseSave: (name) => choose(options.dialogs?.save(name)),
      chooseFolder: () => choose(options.dialogs?.folder()),
      listFolder: (folder) => documents.list(folder),
      async readDocument(path) {
        const read = await documents.read(path);
        await remember(read.path, read.version);
        return read;
      },
      async writeDocument(path, text, version) {
        const written = await documents.write(path, text, version);
        await remember(written.path, written.version);
        send({ kind: "file-changed", ...written }, session);
        return written;
      },
      recent: recent.list,
      forgetRecent: recent.forget,
      autosave: autosaves.save,
      autosaves: autosaves.list,
      readAutosave: autosaves.read,
      removeAutosave: autosaves.remove,
      settings: settings.read,
      saveSettings: settings.merge,
      listRuns: runs.list,
      async createRun(record, document) {
        await runs.create(record, document);
        note(record.id, record.state);
      },
      async updateRun(id, patch) {
        await runs.update(id, patch);
        note(id, patch.state);
      },
      appendMetrics: runs.append,
      readMetrics: runs.metrics,
      readRunDocument: runs.document,
      saveCheckpoint: runs.saveCheckpoint,
      readCheckpoint: runs.checkpoint,
      async deleteRun(id) {
        await runs.remove(id);
        own.delete(id);
      },
      listData: data.list,
      putData: data.put,
      readData: data.read,
      removeData: data.remove,
      writeExport: (path, contents) => writeExport(access, path, contents, files),
      setWindowState: async (state) => setWindowState?.(state),
      onEvent(listener) {
        heard.add(listener);
        return () => heard.delete(listener);
      },
      setConnected,
      async close() {
        await setConnected(false);
        own.clear();
        listeners.delete(session);
      },
    };
  }

  const first = openSession();
  return {
    ...first,
    openSession,
    send: (event) => {
      if (event.kind === "open") access.grant(event.path);
      send(event);
    },
    grant: access.grant,
    async dispose() {
      watcher.dispose();
      await first.close();
      listeners.clear();
    },
  };
}
