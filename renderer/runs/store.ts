import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { NetloomDocument } from "../../src/document/schema.ts";
import type { RunRecord } from "../../src/host/contract.ts";
import type { Curves } from "../training/curves.ts";

/** A run whose curves are drawn beside the shown one's. */
export interface ComparedRun {
  readonly id: string;
  readonly name: string;
  readonly curves: Curves;
  readonly document: NetloomDocument | undefined;
  readonly figures: Readonly<Record<string, number>>;
}

export interface RunsData {
  /** Newest first. */
  readonly runs: readonly RunRecord[];
  readonly compared: readonly ComparedRun[];
  /** Why the list could not be read. */
  readonly fault: string | undefined;
}

export const createRunsStore = (): StoreApi<RunsData> => createStore<RunsData>(() => ({ runs: [], compared: [], fault: undefined }));

const store = createRunsStore();

interface UseRuns extends StoreApi<RunsData> {
  <T>(select: (state: RunsData) => T): T;
}
export const useRuns: UseRuns = Object.assign(<T>(select: (state: RunsData) => T): T => useStore(store, select), store);

/** Puts a run at its place in the list, or in place of what was known of it. */
export function putRun(store: StoreApi<RunsData>, run: RunRecord): void {
  store.setState(({ runs }) => ({ runs: [...runs.filter((other) => other.id !== run.id), run].sort((a, b) => b.created - a.created) }));
}

/** `"Run 4"`: one more than the highest number so far. */
export function nextRunName(runs: readonly RunRecord[]): string {
  const numbers = runs.map((run) => Number(/^Run (\d+)$/.exec(run.name)?.[1] ?? 0));
  return `Run ${Math.max(0, ...numbers) + 1}`;
}
