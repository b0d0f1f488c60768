import type { Host, RunRecord } from "../../src/host/contract.ts";
import type { MetricsRow } from "../../src/training/types.ts";
import { writeRows } from "./curves.ts";

/** What of a run's record changes while it trains. */
export type RunPatch = Partial<Omit<RunRecord, "id">>;

/**
 * Writes one run down as it goes: rows and figures are gathered and written together, in order, one write at a time.
 * A write that fails is reported once and does not stop the training.
 */
export interface Recorder {
  rows(rows: readonly MetricsRow[]): void;
  patch(patch: RunPatch): void;
  checkpoint(step: number, bytes: Uint8Array): void;
  /** Resolves when all that was handed over is written, or has failed. */
  flush(): Promise<void>;
  dispose(): void;
}

export interface RecorderOptions {
  readonly host: Pick<Host, "appendMetrics" | "updateRun" | "saveCheckpoint">;
  readonly run: string;
  /** Called with the first failure, and again only after a write has succeeded in between. */
  readonly onFault: (error: unknown) => void;
  /** Milliseconds between two writes. */
  readonly every?: number;
  /** What must be done before the first write: creating the run. */
  readonly after?: Promise<void>;
}

export function createRecorder({ host, run, onFault, every = 1000, after = Promise.resolve() }: RecorderOptions): Recorder {
  let rows: MetricsRow[] = [];
  let patch: RunPatch = {};
  let checkpoint: { step: number; bytes: Uint8Array<ArrayBuffer> } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let faulty = false;
  let chain: Promise<void> = after.catch(onFirst);

  function onFirst(error: unknown): void {
    faulty = true;
    onFault(error);
  }
  const attempt = async (write: () => Promise<void>): Promise<boolean> => {
    try {
      await write();
      faulty = false;
      return true;
    } catch (error) {
      if (!faulty) onFirst(error);
      return false;
    }
  };

  /** One round: rows first, so that figures and checkpoint never run ahead of the curves. */
  const write = async (): Promise<void> => {
    if (rows.length > 0) {
      const batch = rows;
      rows = [];
      if (!(await attempt(() => host.appendMetrics(run, writeRows(batch))))) rows = [...batch, ...rows];
    }
    if (checkpoint !== undefined) {
      const { step, bytes } = checkpoint;
      checkpoint = undefined;
      if (await attempt(() => host.saveCheckpoint(run, step, bytes))) patch = { ...patch, checkpointStep: step };
    }
    if (Object.keys(patch).length > 0) {
      const part = patch;
      patch = {};
      if (!(await attempt(() => host.updateRun(run, part)))) patch = { ...part, ...patch };
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    chain = chain.then(write);
    return chain;
  };
  const later = () => {
    timer ??= setTimeout(flush, every);
  };

  return {
    rows(more) {
      rows.push(...more);
      later();
    },
    patch(more) {
      patch = { ...patch, ...more };
      later();
    },
    checkpoint(step, bytes) {
      checkpoint = { step, bytes: new Uint8Array(bytes) };
      later();
    },
    flush,
    dispose() {
      clearTimeout(timer);
    },
  };
}
