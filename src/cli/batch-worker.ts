import { workerData } from "node:worker_threads";
import { type BatchTask, prepareBatches } from "../training/prefetch/task.ts";

/** What a run's batch thread runs (`batch-thread.ts` starts it): the task comes from this process's own main thread. */
const task: BatchTask = workerData;
prepareBatches(task);
