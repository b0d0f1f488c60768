import { describe, expect, it } from "vitest";
import { createEngine, EngineDied } from "../../renderer/engine/client.ts";
import { ThreadlessWorker } from "./threadless-worker.ts";

function createWorkers(ping: () => Promise<void>) {
  const workers: ThreadlessWorker[] = [];
  const makeWorker = () => {
    const worker = new ThreadlessWorker({
      initialise: async () => undefined,
      ping,
      exportFormats: async () => [{ id: `from worker ${workers.length}`, title: "", about: "" }],
      checkpoint: () => new Promise(() => undefined),
    });
    workers.push(worker);
    return worker;
  };
  return { workers, makeWorker };
}

describe("the engine, seen from the page", () => {
  it("answers from its worker", async () => {
    const { makeWorker } = createWorkers(async () => undefined);
    const engine = createEngine({ base: "http://localhost/", readUser: async () => new Uint8Array(), makeWorker });
    expect(await engine.api.exportFormats()).toHaveLength(1);
    engine.dispose();
  });

  it("replaces a worker that has died, fails what was asked of it, and says so", async () => {
    const { workers, makeWorker } = createWorkers(() => Promise.reject(new Error("gone")));
    const engine = createEngine({ base: "http://localhost/", readUser: async () => new Uint8Array(), makeWorker });
    const deaths: string[] = [];
    engine.onDeath((message) => deaths.push(message));
    const waiting = engine.api.checkpoint();
    workers[0]?.fail("Out of memory.");
    await expect(waiting).rejects.toThrow(EngineDied);
    expect(deaths).toEqual(["Out of memory."]);
    expect(workers[0]?.terminated).toBe(true);
    expect(await engine.api.exportFormats()).toEqual([{ id: "from worker 2", title: "", about: "" }]);
    engine.dispose();
  });

  it("keeps a worker that still answers after a stray error", async () => {
    const { workers, makeWorker } = createWorkers(async () => undefined);
    const engine = createEngine({ base: "http://localhost/", readUser: async () => new Uint8Array(), makeWorker });
    workers[0]?.fail("A worker of its own complained.");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(workers).toHaveLength(1);
    expect(await engine.api.exportFormats()).toHaveLength(1);
    engine.dispose();
  });
});
