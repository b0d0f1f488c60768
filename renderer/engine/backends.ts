import { z } from "zod";
import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Host } from "../../src/host/contract.ts";
import { reason } from "../training/session.ts";
import type { BackendMeasurement, BackendReport, EngineApi } from "./api.ts";

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
  /** Takes what was measured before on this machine, or measures. Also after the worker was replaced. */
  prepare(): Promise<void>;
  measureAgain(): Promise<void>;
  /** Takes another backend from the next run on; undefined goes back to the fastest. */
  choose(name: string | undefined): Promise<void>;
}

export interface BackendsOptions {
  readonly host: Pick<Host, "settings" | "saveSettings">;
  readonly engine: Pick<EngineApi, "prepareBackend">;
  readonly store: StoreApi<BackendData>;
  /** What the measurements hold for: another browser or processor is measured anew. */
  readonly machine: string;
}

const timeSchema = z.object({ milliseconds: z.number(), multiplyAdds: z.number() });
const measurementSchema = z.object({
  name: z.string(),
  label: z.string(),
  available: z.boolean(),
  small: timeSchema.optional(),
  large: timeSchema.optional(),
  note: z.string().optional(),
});
const rememberedSchema = z.object({ machine: z.string(), measured: z.array(measurementSchema).min(1) });

export function createBackends({ host, engine, store, machine }: BackendsOptions): Backends {
  const take = async (preferred: string | undefined, known: readonly BackendMeasurement[] | undefined): Promise<void> => {
    store.setState({ state: "measuring", preferred, fault: undefined });
    try {
      const report = await engine.prepareBackend(preferred, known);
      store.setState({ state: "ready", report });
      if (report.measured === known) return;
      await host.saveSettings({ backends: z.json().parse({ machine, measured: report.measured }) }).catch(() => undefined);
    } catch (error) {
      store.setState({ state: "failed", fault: reason(error) });
    }
  };
  const remembered = async () => {
    const { backend, backends } = await host.settings().catch((): Record<string, unknown> => ({}));
    const read = rememberedSchema.safeParse(backends);
    return {
      preferred: typeof backend === "string" ? backend : undefined,
      known: read.success && read.data.machine === machine ? read.data.measured : undefined,
    };
  };
  return {
    async prepare() {
      const { preferred, known } = await remembered();
      await take(preferred, known);
    },
    measureAgain: () => take(store.getState().preferred, undefined),
    async choose(name) {
      await take(name, store.getState().report?.measured);
      await host.saveSettings({ backend: name ?? null }).catch(() => undefined);
    },
  };
}
