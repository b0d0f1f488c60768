import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { findInstallation } from "../host/install.ts";
import type { StartBatchThread } from "../training/prefetch/task.ts";

/** Starts threads that prepare batches, from a script; the built one by default. */
export const batchThreads =
  (script: string | URL = join(findInstallation().root, "dist", "node", "batch-worker.js"), options: WorkerOptions = {}): StartBatchThread =>
  (task, died) => {
    const worker = new Worker(script, { ...options, workerData: task });
    // Neither keeps a finished process alive nor ends one: what this thread does not bring is gathered without it.
    worker.unref();
    let reason: string | undefined;
    worker.on("error", (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    let ended = false;
    worker.on("exit", () => ended || died(reason));
    return () => {
      ended = true;
      void worker.terminate();
    };
  };

/** For a run of this process: on one processor there is nothing to gain. */
export const startBatchThread = (): StartBatchThread | undefined => (availableParallelism() > 1 ? batchThreads() : undefined);
