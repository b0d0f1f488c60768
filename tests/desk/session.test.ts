import { beforeEach, describe, expect, it } from "vitest";
import type { EngineApi, RunRequest, RunStart } from "../../renderer/engine/api.ts";
import { createRunLibrary } from "../../renderer/runs/library.ts";
import { createRunsStore, nextRunName } from "../../renderer/runs/store.ts";
import { createSession, type SessionOptions } from "../../renderer/training/session.ts";
import { createSessionStore } from "../../renderer/training/store.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { HostError } from "../../src/host/contract.ts";
import type { RunEvent } from "../../src/training/types.ts";
import { createLocks, createMemoryHost } from "./memory-host.ts";

const document: NetloomDocument = { netloom: 1, name: "net", nodes: [{ id: "loss", type: "loss.squared-error" }], edges: [] };

/** An engine that does what it is told: events are sent by the test. */
function createFakeEngine() {
  const asked: string[] = [];
  let send: (event: RunEvent) => void = () => undefined;
  let request: RunRequest | undefined;
  const next: { start: RunStart } = {
    start: { ok: true, seed: 1, batch: 10, steps: 100, step: 0, parameters: 5, dataHash: "d", backend: "wasm" },
  };
  const note = (name: string) => async () => {
    asked.push(name);
  };
  const api: Pick<EngineApi, "startRun" | "pause" | "resume" | "step" | "stop" | "checkpoint" | "release"> = {
    async startRun(wanted, onEvent) {
      asked.push("startRun");
      request = wanted;
      send = onEvent;
      return next.start;
    },
    async pause() {
      asked.push("pause");
      send({ kind: "state", state: "paused" });
    },
    resume: note("resume"),
    step: note("step"),
    async stop() {
      asked.push("stop");
      send({ kind: "state", state: "stopped" });
    },
    checkpoint: note("checkpoint"),
    release: note("release"),
  };
  return { api, asked, next, send: (event: RunEvent) => send(event), request: () => request };
}

const metrics = (step: number, loss: number): RunEvent => ({
  kind: "metrics",
  rows: [{ step, epoch: 0, seconds: step / 10, split: "train", values: { loss } }],
});
const checkpoint = (step: number): RunEvent => ({ kind: "checkpoint", step, bytes: Uint8Array.of(step) });

function createWindow(host = createMemoryHost(), locks = createLocks()) {
  const engine = createFakeEngine();
  const store = createSessionStore();
  const runs = createRunsStore();
  const liveness = locks.window();
  const notices: string[] = [];
  const options: SessionOptions = { host, engine: engine.api, store, runs, liveness, notify: ({ text }) => notices.push(text) };
  return {
    host,
    locks,
    engine,
    store,
    runs,
    liveness,
    notices,
    session: createSession(options),
    library: createRunLibrary({ host, store: runs, liveness }),
  };
}

const onlyRun = (host: ReturnType<typeof createMemoryHost>) => {
  const [run] = host.runs.values();
  if (run === undefined) throw new Error("No run was written down.");
  return run;
};

describe("a training session", () => {
  let window: ReturnType<typeof createWindow>;
  beforeEach(() => {
    window = createWindow();
  });

  it("writes down the run, its document, metrics, checkpoint and end", async () => {
    const { session, engine, host, store } = window;
    await session.train(document);
    expect(store.getState()).toMatchObject({ state: "running", live: true });
    engine.send(metrics(10, 0.5));
    engine.send(metrics(20, 0.25));
    engine.send(checkpoint(20));
    engine.send({ kind: "state", state: "finished" });
    await expect.poll(() => onlyRun(host).record.state).toBe("finished");
    const run = onlyRun(host);
    expect(run.record).toMatchObject({ document: "net", checkpointStep: 20, figures: { "train/loss": 0.25 }, step: 20, name: "Run 1" });
    expect(run.metrics.trim().split("\n")).toHaveLength(2);
    expect(run.checkpoint).toMatchObject({ step: 20 });
    expect(JSON.parse(run.document)).toMatchObject({ name: "net" });
    expect(store.getState()).toMatchObject({ state: "finished", live: false });
  });

  it("says why a graph cannot be trained, with the node, and writes nothing down", async () => {
    const { session, engine, host, store } = window;
    engine.next.start = { ok: false, message: "There is nothing to minimise.", node: "loss" };
    await session.train(document);
    expect(store.getState()).toMatchObject({ state: "failed", failure: { message: "There is nothing to minimise.", node: "loss" } });
    expect(host.runs.size).toBe(0);
  });

  it("keeps what goes wrong without ending a run, until the next one", async () => {
    const { session, engine, store } = window;
    await session.train(document);
    engine.send({ kind: "warning", message: "The thread that prepares batches ended." });
    expect(store.getState()).toMatchObject({ state: "running", live: true, warning: "The thread that prepares batches ended." });
    await session.train(document);
    expect(store.getState().warning).toBeUndefined();
  });

  it("keeps the node where a failure began, in the store and on the disk", async () => {
    const { session, engine, host, store } = window;
    await session.train(document);
    engine.send({ kind: "state", state: "failed", failure: { message: "The loss is not a number.", node: "loss", remedy: "Lower the rate." } });
    expect(store.getState().failure?.node).toBe("loss");
    await expect.poll(() => onlyRun(host).record).toMatchObject({ state: "failed", reason: "The loss is not a number.", node: "loss" });
  });

  it("goes on training when the disk is full, and says so once", async () => {
    const { session, engine, host, store, notices } = window;
    await session.train(document);
    await expect.poll(() => host.runs.size).toBe(1);
    host.fault = new HostError("disk-full", "There is no space left.");
    engine.send(metrics(10, 0.5));
    engine.send(metrics(20, 0.4));
    await session.pause();
    await session.pause();
    expect(store.getState().state).toBe("paused");
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("no space left");
    host.fault = undefined;
    engine.send(metrics(30, 0.3));
    await session.pause();
    expect(onlyRun(host).metrics.trim().split("\n")).toHaveLength(3);
  });

  it("puts a paused run aside when another starts, so that both can go on later", async () => {
    const { session, engine, host } = window;
    await session.train(document);
    engine.send(metrics(10, 0.5));
    engine.send(checkpoint(10));
    await session.pause();
    await session.train(document);
    expect(host.runs.size).toBe(2);
    const states = [...host.runs.values()].map(({ record }) => record.state).sort();
    expect(states).toEqual(["paused", "running"]);
    expect(engine.asked.filter((name) => name === "release")).toHaveLength(1);
  });

  it("ignores what a released run still has to say", async () => {
    const { session, engine, store } = window;
    await session.train(document);
    const late = engine.send;
    engine.send({ kind: "state", state: "finished" });
    late(metrics(99, 9));
    expect(store.getState().curves.get("train/loss")).toBeUndefined();
  });
});

describe("a run that begins with another's weights", () => {
  it("hands them to the engine with the rules, and writes down where it began", async () => {
    const { session, engine, host, runs, notices } = createWindow();
    await session.train(document);
    engine.send(checkpoint(10));
    engine.send({ kind: "state", state: "finished" });
    await expect.poll(() => onlyRun(host).checkpoint?.step).toBe(10);
    const [first] = runs.getState().runs;
    if (first === undefined) throw new Error("The run is not listed.");
    const carried = { step: 10, renamings: "encoder=bert", carried: 2, variables: 3, parameters: 12, fresh: ["head/kernel"] };
    if (engine.next.start.ok) engine.next.start = { ...engine.next.start, carried };
    await session.train(document, { run: first, renamings: "encoder=bert" });
    expect(engine.request()?.from).toEqual({ checkpoint: Uint8Array.of(10), renamings: "encoder=bert" });
    expect(engine.request()?.checkpoint).toBeUndefined();
    await expect.poll(() => host.runs.size).toBe(2);
    const second = [...host.runs.values()].find(({ record }) => record.id !== first.id);
    expect(second?.record.from).toEqual({ ...carried, run: first.id, name: "Run 1", document: "net" });
    expect(notices).toEqual([]);
  });

  it("does not start where that run has no weights, and says so", async () => {
    const { session, engine, host, runs, notices } = createWindow();
    await session.train(document);
    engine.send({ kind: "state", state: "stopped" });
    await expect.poll(() => host.runs.size).toBe(1);
    const [first] = runs.getState().runs;
    if (first) await session.train(document, { run: first, renamings: "" });
    expect(engine.asked.filter((name) => name === "startRun")).toHaveLength(1);
    expect(notices.join()).toContain("Run 1 has no checkpoint");
  });
});

describe("a run that was interrupted", () => {
  it("is found again after a reload, with its curves, and continues from its checkpoint", async () => {
    const first = createWindow();
    await first.session.train(document);
    first.engine.send(metrics(10, 0.5));
    first.engine.send(checkpoint(10));
    first.engine.send(metrics(15, 0.4));
    await expect.poll(() => onlyRun(first.host).checkpoint?.step).toBe(10);
    first.liveness.crash();

    const second = createWindow(first.host, first.locks);
    await second.library.refresh();
    const [run] = second.runs.getState().runs;
    expect(run?.state).toBe("interrupted");
    await second.session.show(run?.id ?? "");
    expect(second.store.getState().curves.get("train/loss")).toEqual({ steps: [10, 15], values: [0.5, 0.4] });

    second.engine.next.start = { ok: true, seed: 1, batch: 10, steps: 100, step: 10, parameters: 5, dataHash: "d", backend: "wasm" };
    await second.session.resume();
    expect(second.engine.request()?.checkpoint).toEqual(Uint8Array.of(10));
    expect(second.store.getState().curves.get("train/loss")).toEqual({ steps: [10], values: [0.5] });
    second.engine.send(metrics(15, 0.4));
    expect(second.host.runs.size).toBe(1);
    expect(second.store.getState()).toMatchObject({ state: "running", live: true, run: { id: run?.id } });
  });

  it("is not called interrupted while another window trains it", async () => {
    const first = createWindow();
    await first.session.train(document);
    await expect.poll(() => first.host.runs.size).toBe(1);
    const second = createWindow(first.host, first.locks);
    await second.library.refresh();
    expect(second.runs.getState().runs[0]?.state).toBe("running");
  });

  it("says what was lost when the engine dies, and offers its checkpoint", async () => {
    const { session, engine, store, host } = createWindow();
    await session.train(document);
    engine.send(metrics(10, 0.5));
    engine.send(checkpoint(10));
    session.onEngineDeath("Out of memory.");
    expect(store.getState()).toMatchObject({ state: "interrupted", live: false, failure: { remedy: "Resume goes on from step 10." } });
    await expect.poll(() => onlyRun(host).record.state).toBe("interrupted");
  });

  it("takes one step from its checkpoint when asked for one", async () => {
    const first = createWindow();
    await first.session.train(document);
    first.engine.send(checkpoint(10));
    await first.session.pause();
    first.liveness.crash();
    const second = createWindow(first.host, first.locks);
    await second.library.refresh();
    await second.session.show(second.runs.getState().runs[0]?.id ?? "");
    await second.session.step();
    expect(second.engine.request()?.pauseAfter).toBe(1);
  });
});

describe("the kept runs", () => {
  it("are numbered on from the highest", () => {
    const record = { id: "a", document: "", documentHash: "", dataHash: "", seed: 1, batch: 1, backend: "", created: 0, step: 0, steps: 1 };
    const run = (name: string) => ({ ...record, name, state: "finished" as const, parameters: 0, seconds: 0, figures: {} });
    expect(nextRunName([run("Run 2"), run("baseline"), run("Run 7")])).toBe("Run 8");
  });

  it("keep a name they are given while they train", async () => {
    const { session, engine, library, runs, host, store } = createWindow();
    await session.train(document);
    await expect.poll(() => host.runs.size).toBe(1);
    await library.rename(onlyRun(host).record.id, "baseline");
    engine.send(metrics(10, 0.5));
    expect([store.getState().run?.name, runs.getState().runs[0]?.name]).toEqual(["baseline", "baseline"]);
  });

  it("are compared, renamed, saved as CSV and deleted", async () => {
    const { session, engine, library, runs, host } = createWindow();
    await session.train(document);
    engine.send(metrics(10, 0.5));
    engine.send({ kind: "state", state: "finished" });
    await expect.poll(() => onlyRun(host).record.state).toBe("finished");
    const id = onlyRun(host).record.id;
    await library.compare(id, true);
    expect(runs.getState().compared[0]?.curves.get("train/loss")?.values).toEqual([0.5]);
    await library.rename(id, "  baseline ");
    expect(onlyRun(host).record.name).toBe("baseline");
    expect(runs.getState().compared[0]?.name).toBe("baseline");
    expect(await library.csv(id)).toContain("10,0,1,train,0.5");
    await library.remove(id);
    expect(host.runs.size).toBe(0);
    expect(runs.getState()).toMatchObject({ runs: [], compared: [] });
  });
});
