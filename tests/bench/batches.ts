import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { batchThreads } from "../../src/cli/batch-thread.ts";
import type { Feed } from "../../src/compiler/plan.ts";
import { share } from "../../src/data/shared.ts";
import { readDocument } from "../../src/document/read.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Dataset, SplitData } from "../../src/tensor/dataset.ts";
import { f32, i32 } from "../../src/tensor/types.ts";
import { createFeeds, type DataFeeds, drawingOf } from "../../src/training/feeds.ts";
import { prefetchFeeds } from "../../src/training/prefetch/feeds.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import { median } from "./median.ts";

const threads = batchThreads(join(import.meta.dirname, "batch-worker.js"));

/** What the training thread waits for a batch, gathered on the spot and taken from the ring: where a thread begins to pay. */
export async function benchBatches(): Promise<object[]> {
  const rows: object[] = [];
  for (const [batch, width, height, channels] of [
    [100, 40, 1, 1],
    [64, 16, 16, 1],
    [128, 16, 16, 1],
    [64, 28, 28, 1],
    [128, 28, 28, 1],
    [256, 64, 64, 3],
  ] as const) {
    const set = pictures(Math.max(1280, 4 * batch), width, height, channels);
    const datasets = new Map([["data", set]]);
    const drawing = drawingOf(datasets, { batch, seed: 1 });
    const feeds = createFeeds(datasets, drawing);
    const wanted: Feed[] = [{ key: "data.x", path: "data", port: "x", type: { shape: ["batch", height, width, channels], dtype: "float32" } }];
    const phases = [{ steps: 1, feeds: wanted }];
    const ahead = prefetchFeeds({ feeds, datasets, drawing, phases, steps: 1e9, start: threads, least: 0 });
    const [spot = Number.NaN, ring = Number.NaN] = await Promise.all([feeds, ahead].map((from) => from && wait(from, wanted)));
    ahead?.dispose();
    const size = batch * width * height * channels * 4;
    rows.push({
      batch: `${batch} × ${width} × ${height} × ${channels}`,
      KiB: Math.round(size / 1024),
      "gathered (µs)": spot,
      "from the ring (µs)": ring,
    });
  }
  return rows;
}

/** Median microseconds until the values are there, with time between for the thread. */
async function wait(feeds: DataFeeds, wanted: readonly Feed[]): Promise<number> {
  const times: number[] = [];
  for (let step = 0; step < 150; step++) {
    await sleep(4);
    const start = performance.now();
    feeds.trainingValues(wanted, step);
    if (step >= 50) times.push(1000 * (performance.now() - start));
  }
  return Number(median(times).toPrecision(2));
}

/** Training steps of the backend in use on batches of 256 pictures of 64 × 64 × 3, with and without a thread in turns. */
export async function benchHeavyBatches(): Promise<object[]> {
  const rows: object[] = [];
  for (const [network, layers] of Object.entries(networks)) {
    const [spot, ahead] = [trainerOf(layers, false), trainerOf(layers, true)];
    const pairs: { before: number; after: number }[] = [];
    for (let i = 0; i < 15; i++) pairs.push({ before: await step(spot), after: await step(ahead) });
    spot.dispose();
    ahead.dispose();
    rows.push({
      network,
      "on the spot (ms)": round(median(pairs.map(({ before }) => before))),
      "with a thread (ms)": round(median(pairs.map(({ after }) => after))),
      ratio: round(median(pairs.map(({ before, after }) => before / after))),
    });
  }
  return rows;
}

/** Milliseconds a step over at least 300 ms, in bursts as a run takes them. */
async function step(trainer: Trainer): Promise<number> {
  for (let i = 0; i < 3; i++) trainer.trainStep();
  await trainer.readLosses();
  let steps = 0;
  const begun = performance.now();
  while (performance.now() - begun < 300) {
    const burst = performance.now();
    while (performance.now() - burst < 40) {
      trainer.trainStep();
      steps++;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await trainer.readLosses();
  return (performance.now() - begun) / steps;
}

type Layer = readonly [type: string, params?: object];
const networks: Readonly<Record<string, readonly Layer[]>> = {
  "flatten, 2": [["flatten"], ["dense", { units: 2 }]],
  "pool 4 × 4, 3×3×8, pool 4 × 4, 2": [
    ["average-pool", { size: 4 }],
    ["conv2d", { filters: 8, kernel: 3 }],
    ["relu"],
    ["average-pool", { size: 4 }],
    ["flatten"],
    ["dense", { units: 2 }],
  ],
};

function trainerOf(layers: readonly Layer[], thread: boolean): Trainer {
  const dataset = pictures(1280, 64, 64, 3);
  const nodes = layers.map(([type, params], i) => ({ id: `layer${i}`, type, ...(params && { params }) }));
  const read = readDocument(
    JSON.stringify({
      netloom: 1,
      name: "pictures",
      nodes: [{ id: "data", type: "dataset", params: { name: dataset.info.name } }, ...nodes, { id: "loss", type: "loss.cross-entropy" }],
      edges: [
        ...nodes.map(({ id }, i) => ({ from: i === 0 ? "data.x" : `layer${i - 1}.y`, to: `${id}.x` })),
        { from: `${nodes.at(-1)?.id}.y`, to: "loss.x" },
        { from: "data.label", to: "loss.label" },
      ],
      training: { batch: 256, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 0.001 } }] },
    }),
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const checked = checkDocument(read.document, registry, { dataset: () => dataset.info, datasetNames: () => [dataset.info.name] });
  return createTrainer({
    document: read.document,
    checked,
    datasets: new Map([["data", dataset]]),
    ...(thread && { startBatchThread: threads }),
  });
}

function pictures(count: number, width: number, height: number, channels: number): Dataset {
  const split = (size: number): SplitData =>
    share({
      count: size,
      ports: {
        x: Float32Array.from({ length: size * width * height * channels }, (_, i) => (i % 251) / 251),
        label: Int32Array.from({ length: size }, (_, i) => i % 2),
      },
    });
  const splits = { train: split(count), validation: split(0), test: split(0) };
  const ports = { x: f32(height, width, channels), label: i32([], 2) };
  return {
    info: { name: "pictures", title: "Pictures", about: "", ports, counts: { train: count, validation: 0, test: 0 } },
    splits,
    hash: "pictures",
  };
}

const round = (value: number): number => Number(value.toPrecision(3));
