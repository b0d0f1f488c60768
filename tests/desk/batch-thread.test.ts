import { afterEach, describe, expect, it, vi } from "vitest";
import type { BatchTask } from "../../src/training/prefetch/task.ts";
import { ThreadlessWorker } from "./threadless-worker.ts";

const task: BatchTask = {
  ring: { control: new SharedArrayBuffer(16), slots: new SharedArrayBuffer(16), slotBytes: 16 },
  steps: 1,
  orders: [],
  phases: [],
};

describe("the page's batch thread", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("tells its run when it dies, and does not trouble the worker that started it", async () => {
    const workers: ThreadlessWorker[] = [];
    vi.stubGlobal("crossOriginIsolated", true);
    vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
    vi.stubGlobal(
      "Worker",
      class extends ThreadlessWorker {
        constructor() {
          super({});
          workers.push(this);
        }
      },
    );
    vi.resetModules();
    const { startBatchThread } = await import("../../renderer/worker/batch-thread.ts");
    const deaths: (string | undefined)[] = [];
    startBatchThread?.(task, (reason) => deaths.push(reason));
    const [worker] = workers;
    const error = Object.assign(new Event("error", { cancelable: true }), { message: "Out of memory." });
    worker?.dispatchEvent(error);
    expect(deaths).toEqual(["Out of memory."]);
    expect(error.defaultPrevented).toBe(true);
    expect(worker?.terminated).toBe(true);
  });
});
