import type { RunRecord } from "../host/contract.ts";
import type { RunFolder } from "../host/run-folder.ts";
import type { MetricsRow, RunEvent } from "../training/types.ts";

/** Writes a run down as it goes: rows, figures, checkpoints, state, in order, one write at a time. */
export interface Recording {
  receive(event: RunEvent): void;
  /** The record as it will stand. */
  readonly record: RunRecord;
  /** Waits until all is written. @throws the first error of writing */
  settle(): Promise<void>;
}

/** @param onFault the run can no longer be written down: it had better stop */
export function createRecording(folder: RunFolder, first: RunRecord, onFault: () => void): Recording {
  let record = first;
  let fault: unknown;
  let last: Promise<void> = Promise.resolve();
  const write = (task: () => Promise<void>): void => {
    last = last.then(async () => {
      if (fault !== undefined) return;
      await task().catch((error: unknown) => {
        fault = error;
        onFault();
      });
    });
  };
  const patch = (more: Partial<RunRecord>): void => {
    record = { ...record, ...more };
  };
  return {
    get record() {
      return record;
    },
    receive(event) {
      switch (event.kind) {
        case "metrics":
          patch(figuresOf(record, event.rows));
          write(() => folder.append(event.rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
          return;
        case "progress":
          patch({ step: event.progress.step });
          return;
        case "checkpoint": {
          patch({ checkpointStep: event.step, step: event.step });
          const { step, seconds, figures } = record;
          write(async () => {
            await folder.saveCheckpoint(event.step, event.bytes);
            await folder.update({ step, seconds, figures });
          });
          return;
        }
        case "state": {
          const { failure } = event;
          patch({ state: event.state, ...(failure && { reason: failure.message, ...(failure.node === undefined ? {} : { node: failure.node }) }) });
          const now = record;
          write(() => folder.update(now));
          return;
        }
        case "warning":
        case "previews":
          return;
      }
      event satisfies never;
    },
    async settle() {
      await last;
      if (fault !== undefined) throw fault;
    },
  };
}

/** Latest value of each loss and metric, as `"test/accuracy"`; numbers that are not finite are left out, since JSON has none. */
function figuresOf(record: RunRecord, rows: readonly MetricsRow[]): Partial<RunRecord> {
  const figures = { ...record.figures };
  for (const { split, values } of rows)
    for (const [name, value] of Object.entries(values)) if (Number.isFinite(value)) figures[`${split}/${name}`] = value;
  const last = rows.at(-1);
  return last === undefined ? {} : { figures, seconds: last.seconds, step: Math.max(record.step, last.step) };
}
