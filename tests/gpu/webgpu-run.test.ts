import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, createBench, moons } from "../cli/run.ts";
import { tryWebgpu } from "../support/dawn.ts";

const refusal = await tryWebgpu();
if (refusal !== undefined) console.log(`Training on WebGPU is not tested: ${refusal}`);

describe.skipIf(refusal !== undefined)("netloom train --backend webgpu", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await createBench();
    await bench.file("moons.json", {
      ...moons,
      training: { ...moons.training, batch: 200, checkpointEvery: 4, evaluateEvery: 100, stop: { steps: 14 } },
    });
  });
  afterAll(() => bench.dispose());

  const checkpoint = (folder: string) => readFile(join(bench.folder, folder, "checkpoint.safetensors"));

  it("trains to the end, and after a lost device goes on from the last checkpoint to the same weights", async () => {
    expect(await bench.run("train", "moons.json", "--backend", "webgpu", "--out", "whole")).toMatchObject({ code: 0 });
    const losing = setInterval(async () => {
      const kept = await checkpoint("lost").catch(() => undefined);
      const backend: object = tf.backend();
      if (kept === undefined || !("device" in backend) || !(backend.device instanceof GPUDevice)) return;
      clearInterval(losing);
      backend.device.destroy();
    }, 5);
    const ran = await bench.run("train", "moons.json", "--backend", "webgpu", "--out", "lost");
    clearInterval(losing);
    expect(ran).toMatchObject({ code: 0, error: expect.stringContaining("goes on from its last checkpoint") });
    expect(await checkpoint("lost")).toEqual(await checkpoint("whole"));
    const rows = (await readFile(join(bench.folder, "lost", "metrics.jsonl"), "utf8")).trim().split("\n");
    const steps = rows.map((row) => JSON.parse(row)).flatMap(({ split, step }) => (split === "train" ? [step] : []));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });
});
