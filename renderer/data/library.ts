import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { bundledInfo, userInfo } from "../../src/data/catalogue.ts";
import type { Host } from "../../src/host/contract.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import type { DatasetEntry, EngineApi, UnreadableFile } from "../engine/api.ts";
import { reason } from "../training/session.ts";

export interface DataData {
  readonly entries: readonly DatasetEntry[];
  /** Files of the person's that cannot be used. */
  readonly unreadable: readonly UnreadableFile[];
  readonly state: "loading" | "ready" | "failed";
  readonly fault: string | undefined;
}

export const createDataStore = (): StoreApi<DataData> =>
  createStore<DataData>(() => ({ entries: [], unreadable: [], state: "loading", fault: undefined }));

const store = createDataStore();

interface UseData extends StoreApi<DataData> {
  <T>(select: (state: DataData) => T): T;
}
export const useData: UseData = Object.assign(<T>(select: (state: DataData) => T): T => useStore(store, select), store);

/** The data sets there are: Netloom's own and the person's files; the checker learns of them here. */
export interface DataLibrary {
  refresh(): Promise<void>;
  /** Keeps a file among the person's data. @throws HostError */
  add(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface DataLibraryOptions {
  readonly host: Pick<Host, "listData" | "putData" | "removeData">;
  readonly engine: Pick<EngineApi, "datasets">;
  readonly store: StoreApi<DataData>;
  /** Tells the checker. */
  readonly setEnv: (env: InferEnv) => void;
}

export function createDataLibrary({ host, engine, store, setEnv }: DataLibraryOptions): DataLibrary {
  const tell = (): void => {
    const byName = new Map(store.getState().entries.map((entry) => [entry.info.name, entry]));
    const unreadable = new Map(store.getState().unreadable.map(({ name, problems }) => [name, problems[0]]));
    setEnv({
      datasetNames: () => [...byName.keys()],
      datasetTargets: (name) => Object.keys(byName.get(name)?.byTarget ?? {}),
      datasetFault(name) {
        const first = unreadable.get(name);
        return first && [first.file && `${first.file}: `, first.line && `line ${first.line}: `, first.message].filter(Boolean).join("");
      },
      dataset(name, options = {}) {
        const entry = byName.get(name);
        if (!entry?.user) return entry && (bundledInfo(name, options) ?? entry.info);
        return userInfo(entry, options);
      },
    });
  };

  const library: DataLibrary = {
    async refresh() {
      try {
        const files = await host.listData().catch(() => []);
        const { entries, unreadable } = await engine.datasets(files.map((file) => file.name));
        store.setState({ entries, unreadable, state: "ready", fault: undefined });
        tell();
      } catch (error) {
        store.setState({ state: "failed", fault: reason(error) });
      }
    },
    async add(name, bytes) {
      await host.putData(name, bytes);
      await library.refresh();
    },
    async remove(name) {
      await host.removeData(name);
      await library.refresh();
    },
  };
  return library;
}
