import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Autosave, RecentFile } from "../../src/host/contract.ts";

export interface FilesData {
  readonly saving: boolean;
  /** When the work was last put by, milliseconds since 1970. */
  readonly autosaved: number | undefined;
  /** Why the work cannot be put by now. */
  readonly autosaveFault: string | undefined;
  /** The open file has been changed or deleted by somebody else since it was read. */
  readonly fileNote: "changed" | "deleted" | undefined;
  readonly recent: readonly RecentFile[];
  /** Work left behind by windows that are gone. */
  readonly recoverable: readonly Autosave[];
}

export const createFilesStore = (): StoreApi<FilesData> =>
  createStore<FilesData>(() => ({
    saving: false,
    autosaved: undefined,
    autosaveFault: undefined,
    fileNote: undefined,
    recent: [],
    recoverable: [],
  }));

const store = createFilesStore();

interface UseFiles extends StoreApi<FilesData> {
  <T>(select: (state: FilesData) => T): T;
}
export const useFiles: UseFiles = Object.assign(<T>(select: (state: FilesData) => T): T => useStore(store, select), store);
