import type { StoreApi } from "zustand";
import { readDocument } from "../../src/document/read.ts";
import type { Host, RunRecord } from "../../src/host/contract.ts";
import type { Liveness } from "../host/locks.ts";
import { appendRows, type Curves, readRows, rowsToCsv } from "../training/curves.ts";
import { reason } from "../training/session.ts";
import { putRun, type RunsData } from "./store.ts";

/** The kept runs: listed, compared, renamed, deleted. What it knows lies in the runs store. */
export interface RunLibrary {
  /** Reads the list anew. Runs that say they train, though no window holds them, were interrupted, and say so from now on. */
  refresh(): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Adds a run's curves to the charts, or takes them away. */
  compare(id: string, on: boolean): Promise<void>;
  /** The run's metrics as CSV. */
  csv(id: string): Promise<string>;
}

export interface RunLibraryOptions {
  readonly host: Pick<Host, "listRuns" | "updateRun" | "deleteRun" | "readMetrics" | "readRunDocument">;
  readonly store: StoreApi<RunsData>;
  readonly liveness: Liveness;
}

export function createRunLibrary({ host, store, liveness }: RunLibraryOptions): RunLibrary {
  const find = (id: string): RunRecord | undefined => store.getState().runs.find((run) => run.id === id);
  return {
    async refresh() {
      try {
        const [listed, held] = await Promise.all([host.listRuns(), liveness.held()]);
        const runs = await Promise.all(
          listed.map(async (run) => {
            const left = run.state === "running" && !held.has(`run-${run.id}`);
            if (!left) return run;
            await host.updateRun(run.id, { state: "interrupted" }).catch(() => undefined);
            return { ...run, state: "interrupted" as const };
          }),
        );
        store.setState({ runs: runs.sort((a, b) => b.created - a.created), fault: undefined });
      } catch (error) {
        store.setState({ fault: reason(error) });
      }
    },
    async rename(id, name) {
      const run = find(id);
      const clean = name.trim().slice(0, 200);
      if (run === undefined || clean === "" || clean === run.name) return;
      await host.updateRun(id, { name: clean });
      putRun(store, { ...run, name: clean });
      store.setState(({ compared }) => ({ compared: compared.map((other) => (other.id === id ? { ...other, name: clean } : other)) }));
    },
    async remove(id) {
      await host.deleteRun(id);
      store.setState(({ runs, compared }) => ({
        runs: runs.filter((run) => run.id !== id),
        compared: compared.filter((run) => run.id !== id),
      }));
    },
    async compare(id, on) {
      if (!on) {
        store.setState(({ compared }) => ({ compared: compared.filter((run) => run.id !== id) }));
        return;
      }
      const run = find(id);
      if (run === undefined || store.getState().compared.some((other) => other.id === id)) return;
      const [metrics, text] = await Promise.all([host.readMetrics(id), host.readRunDocument(id)]);
      const curves: Curves = new Map();
      appendRows(curves, readRows(metrics));
      const read = readDocument(text);
      const document = read.ok ? read.document : undefined;
      store.setState(({ compared }) => ({ compared: [...compared, { id, name: run.name, curves, document, figures: run.figures }] }));
    },
    csv: async (id) => rowsToCsv(readRows(await host.readMetrics(id))),
  };
}
