import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunRequest } from "../../renderer/engine/api.ts";
import { createWorkerTraining } from "../../renderer/worker/training.ts";
import { prepareBackend } from "../../src/backends/backends.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { loadDataset } from "../../src/data/load.ts";
import type { DatasetRequest } from "../../src/data/types.ts";
import { writeDocument } from "../../src/document/write.ts";
import type { RunEvent } from "../../src/training/types.ts";
import { testReader } from "../data/reader.ts";
import { deepNetwork } from "../support/documents.ts";
import { builtKernels } from "../support/kernels.ts";

const reader = testReader({});
const never = () => Promise.reject(new Error("Not asked for here."));

/** The worker's training over real data and our kernels, which go by another name among people. */
const training = createWorkerTraining(
  {
    env: createInferEnv(),
    load: (request: DatasetRequest) => loadDataset(request, reader),
    datasets: never,
    samples: never,
    describeFile: never,
    packImages: never,
  },
  {
    prepareBackend: never,
    async ready() {
      await prepareBackend("wasm", { kernels: builtKernels });
      return "WASM";
    },
  },
);

const requestOf = (layers: number, units: number, batch: number): RunRequest => ({
  document: writeDocument(deepNetwork(layers, units, { batch, stop: { steps: 3 } })),
});

const held = () => ({ tensors: tf.memory().numTensors, bytes: tf.backend().memory() });

describe("a run that the page asks its worker for", () => {
  beforeAll(async () => {
    vi.stubGlobal("navigator", {});
    await prepareBackend("wasm", { kernels: builtKernels });
  });
  afterEach(() => training.release());
  afterAll(() => void vi.unstubAllGlobals());

  it("is refused if it cannot fit: which node needs most, what to change; nothing is allocated, nothing begins", async () => {
    const before = held();
    const events: RunEvent[] = [];
    const start = await training.startRun(requestOf(40, 8192, 100), (event) => events.push(event));
    expect(start).toMatchObject({ ok: false, node: expect.stringMatching(/^dense\d+$/) });
    if (start.ok) return;
    expect(start.message).toMatch(/needs more than [\d.]+ GiB, but there is room for 4.0 GiB, all that WebAssembly can address/);
    expect(start.remedy).toMatch(/Make the network smaller/);
    expect(events).toEqual([]);
    expect(held()).toEqual(before);
  });

  it("is refused with a batch that fits and what recomputation would need, where a step is what is too large", async () => {
    vi.stubGlobal("navigator", { deviceMemory: 0.078125 });
    const before = held();
    const start = await training.startRun(requestOf(24, 256, 2000), () => undefined);
    vi.stubGlobal("navigator", {});
    expect(start).toMatchObject({ ok: false, message: expect.stringMatching(/this machine has 80 MiB/) });
    if (!start.ok) expect(start.remedy).toMatch(/batch of [\d,]+ instead of 2,000.*To recompute activations would bring it to/);
    expect(held()).toEqual(before);
  });

  it("is trained if it fits, and tells all that it holds", async () => {
    const events: RunEvent[] = [];
    const start = await training.startRun(requestOf(2, 64, 500), (event) => events.push(event));
    expect(start).toMatchObject({ ok: true, backend: "WASM", batch: 500 });
    await expect.poll(() => events.some((event) => event.kind === "state" && event.state === "finished")).toBe(true);
    const progress = events.flatMap((event) => (event.kind === "progress" ? [event.progress] : [])).at(-1);
    expect(progress?.memory.whole).toBe(true);
    // The stretch of the step's program is no tensor: tfjs does not count it, but it is there.
    expect(progress?.memory.bytes).toBeGreaterThan(tf.memory().numBytes + 500 * 64 * 4);
  });
});
