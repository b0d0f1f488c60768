import { type BatchTask, prepareBatches } from "../../src/training/prefetch/task.ts";

/** Prepares the batches of one run (`batch-thread.ts` starts it), until its ring is closed. */
self.addEventListener("message", ({ data }: MessageEvent<BatchTask>) => prepareBatches(data), { once: true });
