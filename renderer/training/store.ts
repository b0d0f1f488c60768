import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { NetloomDocument } from "../../src/document/schema.ts";
import type { RunRecord, RunState } from "../../src/host/contract.ts";
import type { PreviewFrame, Progress, RunFailure } from "../../src/training/types.ts";
import type { Curves } from "./curves.ts";

/** `idle`: no run is shown. `starting`: data and program are being made ready. */
export type SessionState = "idle" | "starting" | RunState;

/** The run that the training desk shows: the one that trains now, or one of the kept ones. */
export interface SessionData {
  readonly state: SessionState;
  /** True while the worker holds the run: it can be paused, stepped, resumed at once. */
  readonly live: boolean;
  readonly run: RunRecord | undefined;
  /** The document as it is trained. */
  readonly document: NetloomDocument | undefined;
  /** `trainedKey` of that document: when the open document's differs, results are no longer of it. */
  readonly trainedKey: string | undefined;
  /** Grows in place; `revision` tells that it did. */
  readonly curves: Curves;
  readonly revision: number;
  readonly progress: Progress | undefined;
  /** Latest frame of each preview, by node path. */
  readonly frames: Readonly<Record<string, PreviewFrame>>;
  readonly failure: RunFailure | undefined;
  /** What went wrong in the run without ending it. */
  readonly warning: string | undefined;
  /** Latest training value of each loss and metric, by node path. */
  readonly lossValues: Readonly<Record<string, number>>;
}

export const emptySession: SessionData = {
  state: "idle",
  live: false,
  run: undefined,
  document: undefined,
  trainedKey: undefined,
  curves: new Map(),
  revision: 0,
  progress: undefined,
  frames: {},
  failure: undefined,
  warning: undefined,
  lossValues: {},
};

export const createSessionStore = (): StoreApi<SessionData> => createStore<SessionData>(() => ({ ...emptySession, curves: new Map() }));

const store = createSessionStore();

interface UseSession extends StoreApi<SessionData> {
  <T>(select: (state: SessionData) => T): T;
}

/** The window's training session. */
export const useSession: UseSession = Object.assign(<T>(select: (state: SessionData) => T): T => useStore(store, select), store);

/** Training can go on from where this run stands. */
export const canContinue = (session: Pick<SessionData, "state" | "live" | "run">): boolean =>
  session.live ? session.state === "paused" : session.run?.checkpointStep !== undefined && session.run.step < session.run.steps;
