import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/host/contract.ts";
import { createNodeHost, type NodeHost } from "../../src/host/node-host.ts";
import { breakableDisk } from "./broken-disk.ts";

let home: string;
let host: NodeHost;
const disk = breakableDisk();
const open = () => createNodeHost({ home, folder: home, shell: "serve", version: "1", files: disk.files });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "netloom-runs-"));
  disk.mend();
  host = await open();
});
afterEach(async () => {
  await host.dispose();
  await rm(home, { recursive: true, force: true });
});

const record = (id: string, more: Partial<RunRecord> = {}): RunRecord => ({
  id,
  name: "A run",
  document: "Moons",
  documentHash: "d",
  dataHash: "x",
  seed: 1,
  batch: 10,
  backend: "wasm",
  created: 1,
  state: "running",
  step: 0,
  steps: 100,
  parameters: 42,
  seconds: 0,
  figures: {},
  ...more,
});
const stateOf = async (id: string, of = host) => (await of.listRuns()).find((run) => run.id === id)?.state;

describe("a run", () => {
  it("keeps its record, document, metrics and checkpoint", async () => {
    await host.createRun(record("a"), "{}");
    await host.updateRun("a", { step: 50, figures: { "test/accuracy": 0.9 }, name: "Best" });
    await host.appendMetrics("a", '{"step":1}');
    await host.appendMetrics("a", '{"step":2}\n');
    expect(await host.readCheckpoint("a")).toBeNull();
    await host.saveCheckpoint("a", 50, new Uint8Array([9]));
    expect(await host.listRuns()).toEqual([{ ...record("a"), step: 50, figures: { "test/accuracy": 0.9 }, name: "Best", checkpointStep: 50 }]);
    expect(await host.readMetrics("a")).toBe('{"step":1}\n{"step":2}\n');
    expect(await host.readRunDocument("a")).toBe("{}");
    expect([...((await host.readCheckpoint("a")) ?? [])]).toEqual([9]);
  });

  it("is not begun twice under one id, and can be deleted", async () => {
    await host.createRun(record("a"), "{}");
    await expect(host.createRun(record("a"), "{}")).rejects.toMatchObject({ code: "conflict" });
    await host.deleteRun("a");
    expect(await host.listRuns()).toEqual([]);
    await expect(host.updateRun("a", { step: 1 })).rejects.toMatchObject({ code: "not-found" });
    await expect(host.readMetrics("a")).rejects.toMatchObject({ code: "not-found" });
  });

  it("keeps fields that a newer Netloom has written", async () => {
    await host.createRun({ ...record("a"), machine: "lab" }, "{}");
    await host.updateRun("a", { step: 5 });
    expect((await host.listRuns())[0]).toMatchObject({ machine: "lab", step: 5 });
  });

  it("loses no patch when several come at once", async () => {
    await host.createRun(record("a"), "{}");
    await Promise.all([host.updateRun("a", { step: 7 }), host.updateRun("a", { seconds: 3 }), host.saveCheckpoint("a", 6, new Uint8Array(1))]);
    expect((await host.listRuns())[0]).toMatchObject({ step: 7, seconds: 3, checkpointStep: 6 });
  });

  it("leaves out the row that a crash has torn, and goes on after it on a new line", async () => {
    await host.createRun(record("a"), "{}");
    await host.appendMetrics("a", '{"step":1}\n');
    await appendFile(join(home, "runs", "a", "metrics.jsonl"), '{"ste');
    expect(await host.readMetrics("a")).toBe('{"step":1}\n');
    await host.appendMetrics("a", '{"step":2}\n');
    expect((await host.readMetrics("a")).split("\n")).toContain('{"step":2}');
  });

  it("is unharmed by a full disk: rows whole or not at all, the last checkpoint kept", async () => {
    await host.createRun(record("a"), "{}");
    await host.appendMetrics("a", '{"step":1}\n');
    await host.saveCheckpoint("a", 1, new Uint8Array([1, 1]));
    disk.fail("write", "ENOSPC");
    await expect(host.appendMetrics("a", '{"step":2}\n')).rejects.toMatchObject({ code: "disk-full" });
    await expect(host.saveCheckpoint("a", 2, new Uint8Array([2, 2]))).rejects.toMatchObject({ code: "disk-full" });
    await expect(host.createRun(record("b"), "{}")).rejects.toMatchObject({ code: "disk-full" });
    disk.mend();
    expect(await readFile(join(home, "runs", "a", "metrics.jsonl"), "utf8")).toBe('{"step":1}\n');
    expect([...((await host.readCheckpoint("a")) ?? [])]).toEqual([1, 1]);
    expect((await host.listRuns()).map(({ id, checkpointStep }) => [id, checkpointStep])).toEqual([["a", 1]]);
  });

  it("with a damaged record is passed over, not a failed start", async () => {
    await host.createRun(record("a"), "{}");
    await host.createRun(record("b"), "{}");
    await writeFile(join(home, "runs", "a", "run.json"), "{ torn");
    await writeFile(join(home, "runs", "notes"), "a file where only folders of runs should be");
    await host.dispose();
    host = await open();
    expect((await host.listRuns()).map(({ id }) => id)).toEqual(["b"]);
  });

  it("that cannot be marked on a full disk is no failed start", async () => {
    await host.createRun(record("a"), "{}");
    await rm(join(home, "runs", "a", "owner.json"));
    await host.dispose();
    disk.fail("write", "ENOSPC");
    host = await open();
    expect((await host.listRuns()).map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("a run whose process is gone", () => {
  const ownedBy = (id: string, process: number) => writeFile(join(home, "runs", id, "owner.json"), JSON.stringify({ process }));

  it("is interrupted at the next start; one whose process lives, and those that rest, stay as they are", async () => {
    for (const id of ["dead", "alive", "unowned"]) await host.createRun(record(id), "{}");
    await host.createRun(record("paused", { state: "paused" }), "{}");
    await host.createRun(record("finished", { state: "finished" }), "{}");
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await ownedBy("dead", pid);
    await ownedBy("alive", process.ppid);
    await rm(join(home, "runs", "unowned", "owner.json"));
    const next = await open();
    const states = Object.fromEntries((await next.listRuns()).map(({ id, state }) => [id, state]));
    expect(states).toEqual({ dead: "interrupted", alive: "running", unowned: "interrupted", paused: "paused", finished: "finished" });
    await next.dispose();
  });

  it("belongs to the window that goes on with it", async () => {
    await host.createRun(record("a"), "{}");
    const window = host.openSession();
    await host.updateRun("a", { state: "stopped" });
    await window.updateRun("a", { state: "running" });
    await window.close();
    expect(await stateOf("a")).toBe("interrupted");
  });

  it("is running again when its window is back after a lost connection", async () => {
    const window = host.openSession();
    await window.createRun(record("a"), "{}");
    await window.setConnected(false);
    expect(await stateOf("a")).toBe("interrupted");
    await window.setConnected(true);
    expect(await stateOf("a")).toBe("running");
    await window.updateRun("a", { state: "finished" });
    await window.close();
    expect(await stateOf("a")).toBe("finished");
  });
});
