import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Host } from "../../src/host/contract.ts";
import { reason } from "../training/session.ts";
import type { BackendReport, EngineApi } from "./api.ts";

export interface BackendData {
  readonly state: "measuring" | "ready" | "failed";
  readonly report: BackendReport | undefined;
  /** The backend that the person has chosen; undefined: the fastest measured. */
  readonly preferred: string | undefined;
  readonly fault: string | undefined;
}

export const createBackendStore = (): StoreApi<BackendData> =>
  createStore<BackendData>(() => ({ state: "measuring", report: undefined, preferred: undefined, fault: undefined }));

const store = createBackendStore();

interface UseBackend extends StoreApi<BackendData> {
  <T>(select: (state: BackendData) => T): T;
}
export const useBackend: UseBackend = Object.assign(<T>(select: (state: BackendData) => T): T => useStore(store, select), store);

/** Measures the backends and keeps the person's choice among them. */
export interface Backends {
  /** Measures and prepares; also after the worker was replaced. */
  prepare(): Promise<void>;
  /** Takes another backend from the next run on; undefined goes back to the fastest. */
  choose(name: string | undefined): Promise<void>;
}

export interface BackendsOptions {
  readonly host: Pick<Host, "settings" | "saveSettings">;
  readonly engine: Pick<EngineApi, "prepareBackend">;
  readonly store: StoreApi<BackendData>;
}

export function createBackends({ host, engine, store }: BackendsOptions): Backends {
  const prepare = async (preferred: string | undefined): Promise<void> => {
    store.setState({ state: "measuring", preferred, fault: undefined });
    try {
      store.setState({ state: "ready", report: await engine.prepareBackend(preferred) });
    } catch (error) {
      store.setState({ state: "failed", fault: reason(error) });
    }
  };
  return {
    async prepare() {
      const { backend } = await host.settings().catch((): Record<string, unknown> => ({}));
      await prepare(typeof backend === "string" ? backend : undefined);
    },
    async choose(name) {
      await prepare(name);
      await host.saveSettings({ backend: name ?? null }).catch(() => undefined);
    },
  };
}
