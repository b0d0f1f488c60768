import type { BatchTask, StartBatchThread } from "../../src/training/prefetch/task.ts";

const start = (task: BatchTask, died: (reason: string | undefined) => void): (() => void) => {
  const worker = new Worker(new URL("./batches.worker.ts", import.meta.url), { type: "module", name: "netloom-batches" });
  // What this thread does not bring is gathered without it.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    worker.terminate();
    died(event.message || undefined);
  });
  worker.postMessage(task);
  return () => worker.terminate();
};

/** Starts a thread that prepares a run's batches; undefined where threads share no memory, or there is one processor. */
export const startBatchThread: StartBatchThread | undefined = globalThis.crossOriginIsolated && navigator.hardwareConcurrency > 1 ? start : undefined;
