import "@tensorflow/tfjs-backend-cpu";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchThreads } from "../../src/cli/batch-thread.ts";
import type { Feed } from "../../src/compiler/plan.ts";
import { share } from "../../src/data/shared.ts";
import type { Training } from "../../src/document/schema.ts";
import type { Dataset, SplitData } from "../../src/tensor/dataset.ts";
import { rng } from "../../src/tensor/random.ts";
import { f32, i32 } from "../../src/tensor/types.ts";
import { createFeeds, drawingOf, type RawFeed } from "../../src/training/feeds.ts";
import { prefetchFeeds } from "../../src/training/prefetch/feeds.ts";
import { type BatchTask, prepareBatches, type StartBatchThread } from "../../src/training/prefetch/task.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { batchScript } from "../support/batch-thread.ts";
import { classifier, numbersOf, trainerOf } from "./documents.ts";

let script: URL;
const realThread: StartBatchThread = (task, died) => batchThreads(script)(task, died);

beforeAll(async () => {
  script = await batchScript();
  await tf.setBackend("cpu");
});

/** Examples of 512 numbers, in shared memory. */
function wide(name: string, count: number, { shared = true, whole = false } = {}): Dataset {
  const random = rng(1, name);
  const split = (size: number): SplitData => {
    const data = {
      count: whole ? 1 : size,
      ports: {
        x: size > 1000 ? new Float32Array(size * 512) : random.fillNormal(new Float32Array(size * 512)),
        label: Int32Array.from({ length: size }, (_, i) => i % 2),
      },
    };
    return shared ? share(data) : data;
  };
  const splits = { train: split(count), validation: split(0), test: split(20) };
  const ports = whole ? { x: f32(count, 512), label: i32([count], 2) } : { x: f32(512), label: i32([], 2) };
  return { info: { name, title: name, about: "", ports, counts: { train: count, validation: 0, test: 20 }, whole }, splits, hash: name };
}

const feedsFor = (path: string, { info }: Dataset): Feed[] =>
  Object.entries(info.ports).map(([port, { shape, dtype }]) => ({
    key: `${path}.${port}`,
    path,
    port,
    type: { shape: info.whole ? shape : ["batch", ...shape], dtype },
  }));

/** A feed with its numbers as one text, quick to compare. */
const digest = ({ values, ...feed }: RawFeed) => ({
  ...feed,
  values: createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex"),
});

/** Feeds with a thread and without one, of phases that take one set, the other, and nothing in turn. */
function compared(sets: Readonly<Record<string, Dataset>>, start: StartBatchThread, { batch = 64, steps = 10_000 } = {}) {
  const datasets = new Map(Object.entries(sets));
  const drawing = drawingOf(datasets, { batch, seed: 5 });
  const alone = createFeeds(datasets, drawing);
  const phases = [...Object.entries(sets).map(([path, set], i) => ({ steps: i + 1, feeds: feedsFor(path, set) })), { steps: 1, feeds: [] }];
  const cycle = phases.flatMap((phase) => Array.from({ length: phase.steps }, () => phase.feeds));
  let task: BatchTask | undefined;
  const prefetched = prefetchFeeds({
    feeds: alone,
    datasets,
    drawing,
    phases,
    steps,
    start(given, died) {
      task = given;
      return start(given, died);
    },
  });
  return {
    prefetched,
    task: () => task,
    /** True if the step's batch came from the ring; it must be the right one in any case. */
    look(step: number): boolean {
      const feeds = cycle[step % cycle.length] ?? [];
      const values = prefetched?.trainingValues(feeds, step) ?? [];
      expect(values.map(digest)).toEqual(alone.trainingValues(feeds, step).map(digest));
      return values.some((feed: RawFeed) => feed.values.buffer === task?.ring.slots);
    },
  };
}

describe("batches prepared on another thread", () => {
  let real: ReturnType<typeof compared>;
  beforeAll(() => {
    real = compared({ a: wide("a", 300), b: wide("b", 200) }, realThread);
  });
  afterAll(() => real.prefetched?.dispose());

  it("are those that would be gathered on the spot, and are there when they are wanted", async () => {
    let fetched = 0;
    for (let step = 0; fetched < 60; step++) {
      if (real.look(step)) fetched++;
      await sleep(1);
    }
  });

  it("follow a run to wherever it goes on", async () => {
    for (const from of [5000, 17, 9990]) {
      let fetched = 0;
      for (let step = from; fetched < 5; step++) {
        if (real.look(step)) fetched++;
        await sleep(1);
      }
    }
  });

  it("are right whatever the order in which steps are asked for", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }), async (steps) => {
        for (const step of steps) {
          real.look(step);
          if (step % 7 === 0) await sleep(0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("stay as they are until another step's are asked for", async () => {
    let step = 100;
    while (!real.look(step)) {
      step++;
      await sleep(1);
    }
    const seen = () => real.look(step);
    await sleep(20);
    expect(seen()).toBe(true);
  });

  it("do without a thread where that does not pay, or the data cannot be shared", () => {
    const started = (sets: Readonly<Record<string, Dataset>>, batch: number) =>
      compared(sets, () => () => undefined, { batch }).prefetched !== undefined;
    expect(started({ a: wide("a", 300) }, 64)).toBe(true);
    expect(started({ a: wide("a", 300) }, 8)).toBe(false);
    expect(started({ a: wide("a", 40_000) }, 40_000)).toBe(false);
    expect(started({ a: wide("a", 300, { shared: false }) }, 64)).toBe(false);
    expect(started({ a: wide("a", 300, { whole: true }) }, 64)).toBe(false);
  });

  it("are asked for once a step where the thread does not bring them, whatever the number of their ports", async () => {
    const sets = { a: wide("a", 300), b: wide("b", 200, { shared: false }) };
    const datasets = new Map(Object.entries(sets));
    const drawing = drawingOf(datasets, { batch: 64, seed: 5 });
    const alone = createFeeds(datasets, drawing);
    const asked: number[] = [];
    const feeds: typeof alone = {
      ...alone,
      trainingValues(wanted, step) {
        asked.push(wanted.length);
        return alone.trainingValues(wanted, step);
      },
    };
    const all = Object.entries(sets).flatMap(([path, set]) => feedsFor(path, set));
    const prefetched = prefetchFeeds({ feeds, datasets, drawing, phases: [{ steps: 1, feeds: all }], steps: 10_000, start: realThread });
    for (let step = 0; asked.filter((ports) => ports === 2).length < 3; step++) {
      const values = prefetched?.trainingValues(all, step) ?? [];
      expect(values.map(digest)).toEqual(alone.trainingValues(all, step).map(digest));
      expect(asked).not.toContain(1);
      await sleep(1);
    }
    prefetched?.dispose();
  });

  it("do not run on past the end of the run, and end with it", () => {
    const { prefetched, task } = compared({ a: wide("a", 300) }, () => () => undefined, { steps: 2 });
    prefetched?.dispose();
    const given = task();
    // On this very thread: it must come back.
    if (given) prepareBatches(given);
    expect(given?.steps).toBe(2);
  });
});

describe("a trainer with a batch thread", () => {
  const phases: Training["phases"] = [
    { name: "first", minimise: "loss", update: ["linear1"], steps: 2, end: 8, optimiser: { type: "adam", rate: 0.01 } },
    { name: "second", minimise: "loss", update: ["linear2"], steps: 1, optimiser: { type: "sgd", rate: 0.05 } },
    { name: "late", minimise: "loss", steps: 1, begin: 4, optimiser: { type: "sgd", rate: 0.01 } },
  ];
  const document = classifier({ phases, batch: 64, stop: { steps: 200 } });
  const dataset = wide("clouds", 300);
  /** Twelve steps, a checkpoint after the fifth, and on from there once more. */
  const story = async (trainer: Trainer) => {
    const steps = async (until: number) => {
      while (trainer.step < until) {
        trainer.trainStep();
        await sleep(2);
      }
    };
    await steps(5);
    const checkpoint = await trainer.checkpoint();
    await steps(12);
    const first = await numbersOf(trainer);
    trainer.restore(checkpoint);
    const evaluated = await trainer.evaluate("test");
    await steps(12);
    expect(await numbersOf(trainer)).toEqual(first);
    return { first, evaluated };
  };

  it("learns the same numbers as without, over phases and a restore, whether the thread lives or fails", async () => {
    const alone = trainerOf(document, { dataset });
    const expected = await story(alone);
    alone.dispose();
    const before = tf.memory().numTensors;
    const failing = [
      realThread,
      batchThreads(new URL("data:text/javascript,throw new Error('no')")),
      batchThreads(new URL("./no-such-script.js", import.meta.url)),
    ];
    for (const startBatchThread of failing) {
      const trainer = trainerOf(document, { dataset, startBatchThread });
      expect(await story(trainer)).toEqual(expected);
      trainer.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("says once that its thread has died, and why if that is known, and learns the same numbers", async () => {
    const alone = trainerOf(document, { dataset });
    const expected = await story(alone);
    alone.dispose();
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const born = once(process, "worker");
    const trainer = trainerOf(document, { dataset, startBatchThread: realThread, warn });
    trainer.trainStep();
    const [worker] = await born;
    await worker.terminate();
    expect(await story(trainer)).toEqual(expected);
    expect(warnings).toEqual([expect.stringMatching(/^The thread that prepares batches ended\. .*gathers each batch itself/)]);
    trainer.dispose();

    const thrown = trainerOf(document, {
      dataset,
      startBatchThread: batchThreads(new URL("data:text/javascript,throw new Error('no memory.')")),
      warn,
    });
    await expect.poll(() => warnings.length).toBe(2);
    expect(warnings[1]).toMatch(/ended \(no memory\)\. /);
    thrown.dispose();
  });

  it("says nothing of a thread that ends with the run", async () => {
    const warnings: string[] = [];
    const born = once(process, "worker");
    const trainer = trainerOf(document, { dataset, startBatchThread: realThread, warn: (message) => warnings.push(message) });
    const [worker] = await born;
    const over = once(worker, "exit");
    trainer.trainStep();
    trainer.dispose();
    await over;
    expect(warnings).toEqual([]);
  });

  it("ends its thread when it is disposed of", async () => {
    const ends: Promise<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      const trainer = trainerOf(document, {
        dataset,
        startBatchThread(task) {
          const worker = new Worker(script, { workerData: task });
          ends.push(once(worker, "exit"));
          // The closed ring alone must end it.
          return () => undefined;
        },
      });
      trainer.trainStep();
      if (i > 0) await sleep(300);
      trainer.dispose();
    }
    expect(ends).toHaveLength(3);
    expect((await Promise.all(ends)).flat()).toEqual([0, 0, 0]);
  });
});
