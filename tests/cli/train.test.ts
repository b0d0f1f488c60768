import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../src/tensor/safetensors.ts";
import { type Bench, createBench, moons, type Ran } from "./run.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
  await bench.file("moons.json", moons);
});
afterAll(() => bench.dispose());

const at = (...parts: string[]) => join(bench.folder, ...parts);
const lines = ({ out }: Ran) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const json = async (...parts: string[]) => JSON.parse(await readFile(at(...parts), "utf8"));
const weights = async (run: string) => decodeSafetensors(new Uint8Array(await readFile(at(run, "checkpoint.safetensors"))));

describe("netloom train", () => {
  it("tells the run as JSON lines and leaves a whole run folder", async () => {
    const ran = await bench.run("train", "moons.json", "--out", "run");
    expect(ran.code).toBe(0);
    const told = lines(ran);
    expect(told[0]).toMatchObject({
      kind: "start",
      document: "Two moons",
      seed: 3,
      batch: 20,
      steps: 40,
      parameters: 42,
      backend: "wasm",
      folder: at("run"),
    });
    expect(told.at(-1)).toMatchObject({ kind: "end", state: "finished", step: 40 });
    expect(told.at(-1).figures["test/accuracy"]).toBeGreaterThan(0.3);
    expect(told.filter(({ kind, split }) => kind === "metrics" && split === "test").length).toBeGreaterThan(0);

    const record = await json("run", "run.json");
    expect(record).toMatchObject({ state: "finished", step: 40, checkpointStep: 40, parameters: 42, figures: told.at(-1).figures });
    const text = await readFile(at("run", "document.json"), "utf8");
    expect(record.documentHash).toBe(createHash("sha256").update(text).digest("hex"));
    const rows = (await readFile(at("run", "metrics.jsonl"), "utf8")).trim().split("\n");
    expect(rows.length).toBe(told.filter(({ kind }) => kind === "metrics").length);
    expect(Object.keys((await weights("run")).tensors)).toEqual(
      expect.arrayContaining(["hidden/kernel", "hidden/bias", "linear/kernel", "linear/bias"]),
    );
  });

  it("keeps the run among the app's own where no folder is named", async () => {
    const ran = await bench.run("train", "moons.json", "--steps", "2");
    const [{ run, folder }] = lines(ran);
    expect(folder).toBe(join(bench.home, "runs", run));
    expect(await readdir(folder)).toEqual(expect.arrayContaining(["run.json", "document.json", "metrics.jsonl", "checkpoint.safetensors"]));
  });

  it("writes the options of the command line into the run's document, so that it can be repeated", async () => {
    await bench.run("train", "moons.json", "--steps", "7", "--seed", "11", "--batch", "5", "--out", "options");
    expect((await json("options", "document.json")).training).toMatchObject({ seed: 11, batch: 5, stop: { steps: 7 } });
    expect(await json("options", "run.json")).toMatchObject({ seed: 11, batch: 5, steps: 7, step: 7 });
  });

  it("says once on stderr that the thread which prepares batches has died, and trains on", async () => {
    const wide = {
      ...moons,
      nodes: [
        { id: "data", type: "dataset", params: { name: "mnist1d" } },
        { id: "flatten", type: "flatten" },
        { id: "linear", type: "dense", params: { units: 10 } },
        { id: "loss", type: "loss.cross-entropy" },
      ],
      edges: [
        { from: "data.x", to: "flatten.x" },
        { from: "flatten.y", to: "linear.x" },
        { from: "linear.y", to: "loss.x" },
        { from: "data.label", to: "loss.label" },
      ],
      training: { batch: 1000, stop: { steps: 300 } },
    };
    await bench.file("wide.json", wide);
    const whole = await bench.run("train", "wide.json", "--out", "threaded");
    expect(whole.error).not.toMatch(/thread/);
    // The kernels' threads are there by now: the next one that is born is the one meant.
    process.once("worker", (worker) => void worker.terminate());
    const ran = await bench.run("train", "wide.json", "--out", "threadless");
    expect(ran.code).toBe(0);
    expect(ran.error.match(/The thread that prepares batches ended/g)).toHaveLength(1);
    expect((await weights("threadless")).tensors).toEqual((await weights("threaded")).tensors);
  });

  it("refuses a run that has no memory, before it starts, with what would help", async () => {
    const wide = { units: 60_000 };
    const nodes = [
      ...moons.nodes.map((node) => (node.id === "hidden" ? { ...node, params: wide } : node)),
      { id: "wide", type: "dense", params: wide },
    ];
    const edges = [...moons.edges.filter(({ to }) => to !== "linear.x"), { from: "relu.y", to: "wide.x" }, { from: "wide.y", to: "linear.x" }];
    await bench.file("vast.json", { ...moons, nodes, edges });
    const { code, error } = await bench.run("train", "vast.json", "--out", "vast");
    expect(code).toBe(1);
    expect(error).toMatch(/needs (about|more than) [\d.]+ GiB, but there is room for 4\.0 GiB/);
    expect(error).toMatch(/Most is needed by/);
    await expect(readdir(at("vast"))).rejects.toThrow();
  });

  it("goes on from a checkpoint with the same numbers as if it had never stopped", async () => {
    await bench.run("train", "moons.json", "--steps", "30", "--out", "whole");
    await bench.run("train", "moons.json", "--steps", "15", "--out", "parts");
    // What a crash after the checkpoint would have left: rows that are done again.
    await writeFile(
      at("parts", "metrics.jsonl"),
      `${await readFile(at("parts", "metrics.jsonl"), "utf8")}{"step":17,"epoch":0,"seconds":1,"split":"train","values":{}}\n{"st`,
    );
    const resumed = await bench.run("train", "moons.json", "--resume", "--steps", "30", "--out", "parts");
    expect(resumed.code).toBe(0);
    expect(lines(resumed)[0]).toMatchObject({ kind: "start", step: 15, steps: 30 });
    expect((await weights("parts")).tensors).toEqual((await weights("whole")).tensors);
    const steps = (await readFile(at("parts", "metrics.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it("stops cleanly at Ctrl-C, with a checkpoint from which it can go on", async () => {
    const ran = await bench.interrupt(/"kind":"progress"/, "train", "moons.json", "--steps", "1000000", "--out", "stopped");
    expect(ran.code).toBe(0);
    const end = lines(ran).at(-1);
    expect(end).toMatchObject({ kind: "end", state: "stopped" });
    expect(await json("stopped", "run.json")).toMatchObject({ state: "stopped", checkpointStep: end.step });
    expect((await bench.run("train", "stopped", "--resume", "--steps", String(end.step + 2))).code).toBe(0);
  });

  it("fails with the node's name when numbers blow up, and says so in the record", async () => {
    const training = { ...moons.training, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 1000 } }], stop: { steps: 3000 } };
    const nodes = moons.nodes.map((node) => (node.id === "loss" ? { id: "loss", type: "loss.squared-error" } : node));
    const edges = moons.edges.map((edge) =>
      edge.to === "loss.x" ? { from: "linear.y", to: "loss.x" } : edge.to === "loss.label" ? { from: "data.x", to: "loss.target" } : edge,
    );
    const path = await bench.file("wild.json", { ...moons, nodes, edges, training });
    const ran = await bench.run("train", path, "--out", "wild");
    expect(ran.code).toBe(1);
    const end = lines(ran).at(-1);
    expect(end).toMatchObject({ kind: "end", state: "failed" });
    expect(end.reason.length).toBeGreaterThan(10);
    expect(moons.nodes.map(({ id }) => id)).toContain(end.node);
    expect(await json("wild", "run.json")).toMatchObject({ state: "failed", reason: end.reason, node: end.node });
  });

  it("trains on a table beside the document, and exports it without the document's folder", async () => {
    await mkdir(at("tables"));
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 3) % 11},${i % 2 ? "left" : "right"}`);
    await bench.file("tables/hands.csv", `a,b,hand\n${rows.join("\n")}\n`);
    const nodes = moons.nodes.map((node) => (node.id === "data" ? { ...node, params: { name: "hands.csv", target: "hand" } } : node));
    const path = await bench.file("tables/hands.json", { ...moons, nodes });
    const ran = await bench.run("train", path, "--steps", "3", "--out", "hands");
    expect(ran.error).toBe("");
    expect(ran.code).toBe(0);
    expect((await bench.run("export", "hands", "--format", "netloom", "--out", "hands-model")).code).toBe(0);
  });

  it("trains on a folder of pictures beside the document: its folders are the classes", async () => {
    for (const [kind, level] of [
      ["dark", 10],
      ["light", 240],
    ] as const) {
      await mkdir(at("pictures", kind), { recursive: true });
      for (let i = 0; i < 6; i++)
        await writeFile(at("pictures", kind, `${i}.png`), encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16).fill(level + i) }));
    }
    await writeFile(at("pictures", "dark", ".DS_Store"), "clutter");
    const nodes = [
      ...moons.nodes.map((node) => (node.id === "data" ? { ...node, params: { name: "pictures" } } : node)),
      { id: "flat", type: "flatten" },
    ];
    const edges = [...moons.edges.filter(({ to }) => to !== "hidden.x"), { from: "data.x", to: "flat.x" }, { from: "flat.y", to: "hidden.x" }];
    await bench.file("pictures.json", { ...moons, nodes, edges });
    const ran = await bench.run("train", "pictures.json", "--steps", "3", "--out", "seen");
    expect(ran.error).toBe("");
    expect(ran.code).toBe(0);
    expect(lines(ran).at(-1).figures).toHaveProperty(["test/accuracy"]);
  });

  it.each([
    [2, ["train", "moons.json", "--steps", "none"]],
    [2, ["train", "moons.json", "--backend", "quantum"]],
    [2, ["train", "moons.json", "--resume"]],
    [2, ["train", "run", "--resume", "--seed", "2"]],
    [1, ["train", "moons.json", "--resume", "--out", "nowhere"]],
    [1, ["train", "moons.json", "--backend", "webgl"]],
    [1, ["train", "moons.json", "--out", "run"]],
    [1, ["train", "moons.json", "--out", "moons.json"]],
    [1, ["train", "torn.json"]],
    [1, ["train", "cut.json"]],
    [2, ["export", "run", "--format", "tfjs"]],
    [2, ["export", "run", "--format", "punch-cards", "--out", "x"]],
    [2, ["export", "nowhere", "--format", "tfjs", "--out", "x"]],
    [1, ["export", "broken", "--format", "tfjs", "--out", "x"]],
    [1, ["export", "fresh", "--format", "tfjs", "--out", "x"]],
  ] as const)("answers with %i and a sentence, no stack trace: %j", async (code, args) => {
    await bench.file("torn.json", '{"netloom": 1');
    await bench.file("cut.json", { ...moons, edges: [] });
    for (const name of ["broken", "fresh"]) {
      await mkdir(at(name), { recursive: true });
      for (const file of ["run.json", "document.json"]) await writeFile(at(name, file), await readFile(at("run", file)));
    }
    await writeFile(at("broken", "checkpoint.safetensors"), "not tensors");
    const ran = await bench.run(...args);
    expect(ran.code).toBe(code);
    expect(ran.out).toBe("");
    expect(ran.error).toMatch(/^netloom (train|export): .{10,}/);
    expect(ran.error).not.toMatch(/\n {4}at |fault of Netloom/);
  });
});

describe("netloom export", () => {
  it("writes a tfjs model of a trained run, and says how to load it", async () => {
    const ran = await bench.run("export", "run", "--format", "tfjs", "--out", "model", "--json");
    expect(ran.code).toBe(0);
    const { files, folder, notes } = JSON.parse(ran.out);
    expect(folder).toBe(at("model"));
    expect((await readdir(folder)).sort()).toEqual([...files].sort());
    expect(notes.join(" ")).toContain("loadGraphModel");
    expect(await json("model", "model.json")).toMatchObject({ format: "graph-model" });
  });

  it("writes the document with its weights", async () => {
    expect((await bench.run("export", "run", "--format", "netloom", "--out", "kept")).code).toBe(0);
    const exported = decodeSafetensors(new Uint8Array(await readFile(at("kept", "weights.safetensors"))));
    expect(exported.tensors["linear/kernel"]).toEqual((await weights("run")).tensors["linear/kernel"]);
    expect((await bench.run("inspect", "kept/model.netloom")).code).toBe(0);
  });
});
