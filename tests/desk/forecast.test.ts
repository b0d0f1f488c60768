import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDataStore } from "../../renderer/data/library.ts";
import type { Forecast, ForecastRequest } from "../../renderer/engine/api.ts";
import { createBackendStore } from "../../renderer/engine/backends.ts";
import { createForecaster, type Forecaster } from "../../renderer/engine/forecast-client.ts";
import { createDocumentStore } from "../../renderer/stores/document.ts";
import { createForecastStore, startForecasting } from "../../renderer/training/forecast.ts";
import { needText } from "../../renderer/training/forecast-text.ts";
import { setTraining } from "../../renderer/training/settings-edits.ts";
import { forecast } from "../../renderer/worker/forecast.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import { deepNetwork } from "../support/documents.ts";
import { ThreadlessWorker } from "./threadless-worker.ts";

const MiB = 2 ** 20;

const time = (milliseconds: number, multiplyAdds: number) => ({ milliseconds, multiplyAdds });
const backend = (name: string, small: number, large: number) => ({
  name,
  label: name,
  available: true,
  small: time(small, 1e5),
  large: time(large, 1e9),
});
const measured = [backend("wasm", 1, 500), backend("webgl", 10, 20)];
const requestOf = (document: NetloomDocument, more: Partial<ForecastRequest> = {}): ForecastRequest => ({
  document: writeDocument(document),
  user: [],
  measured,
  ...more,
});

describe("a forecast", () => {
  beforeEach(() => void vi.stubGlobal("navigator", {}));
  afterEach(() => void vi.unstubAllGlobals());

  it("says what weights, optimiser and a step need, for the backend that would be taken", async () => {
    const adam = { phases: [{ minimise: "loss", optimiser: { type: "adam" as const, rate: 0.001 } }] };
    const small = await forecast(requestOf(deepNetwork(1, 8, { ...adam, batch: 20 })));
    expect(small).toMatchObject({ backend: "wasm", batch: 20 });
    const { predicted } = small ?? {};
    expect(predicted?.weights).toBe(4 * (2 * 8 + 8 + 8 * 2 + 2));
    expect(predicted?.slots).toBe(2 * (predicted?.weights ?? 0));
    expect(predicted?.total).toBeGreaterThan((predicted?.weights ?? 0) + (predicted?.slots ?? 0));
    // A large one is quicker on the graphics card, unless the person has chosen otherwise.
    const large = deepNetwork(2, 2048, { batch: 100 });
    expect(await forecast(requestOf(large))).toMatchObject({ backend: "webgl" });
    expect(await forecast(requestOf(large, { preferred: "wasm" }))).toMatchObject({ backend: "wasm" });
  });

  it("counts no more examples a step than there are", async () => {
    const examples = createInferEnv().dataset("spirals")?.counts.train;
    expect((await forecast(requestOf(deepNetwork(1, 8, { batch: 50_000 }))))?.batch).toBe(examples);
  });

  it("tells what recomputation would save where that is worth it, and only on the processor", async () => {
    const deep = deepNetwork(24, 256, { batch: 2000 });
    const wasm = await forecast(requestOf(deep, { preferred: "wasm" }));
    expect(wasm?.recomputed).toBeLessThan(0.9 * (wasm?.predicted.total ?? 0));
    expect((await forecast(requestOf({ ...deep, training: { batch: 2000, recompute: true } }, { preferred: "wasm" })))?.recomputed).toBeUndefined();
    expect((await forecast(requestOf(deep, { preferred: "webgl" })))?.recomputed).toBeUndefined();
    expect((await forecast(requestOf(deepNetwork(2, 8))))?.recomputed).toBeUndefined();
  });

  it("refuses what cannot fit, with what to change", async () => {
    const refused = await forecast(requestOf(deepNetwork(100, 8192), { preferred: "wasm" }));
    expect(refused?.refusal?.message).toMatch(/needs more than [\d.]+ GiB, but there is room for 4.0 GiB/);
    expect(refused?.refusal?.node).toMatch(/^dense/);
    expect(refused?.refusal?.remedy).toMatch(/Make the network smaller/);
  });

  it("is not made of a document that cannot be trained", async () => {
    const { nodes, edges, ...rest } = deepNetwork(1, 8);
    expect(await forecast(requestOf({ ...rest, nodes, edges: edges.slice(1) }))).toBeUndefined();
    expect(await forecast(requestOf({ ...rest, nodes: nodes.slice(0, -1), edges: edges.slice(0, -2) }))).toBeUndefined();
    expect(await forecast({ document: "no document", user: [], measured })).toBeUndefined();
  });
});

const answer = (total: number): Forecast => ({
  backend: "wasm",
  batch: 10,
  predicted: { weights: total, slots: 0, copies: 0, step: 0, total, nodes: [] },
});
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the worker that predicts", () => {
  function forecasterOf(answers: (request: ForecastRequest) => Promise<Forecast | undefined>, patience = 20) {
    const workers: ThreadlessWorker[] = [];
    const asked: string[] = [];
    const makeWorker = () => {
      const worker = new ThreadlessWorker({
        forecast(request: ForecastRequest) {
          asked.push(request.document);
          return answers(request);
        },
      });
      workers.push(worker);
      return worker;
    };
    return { workers, asked, forecaster: createForecaster({ makeWorker, patience }) };
  }
  const request = (document: string): ForecastRequest => ({ document, user: [], measured: [] });

  it("is started by the first question, and answers the latest alone", async () => {
    const { forecaster, workers, asked } = forecasterOf(async ({ document }) => {
      await wait(10);
      return answer(Number(document));
    }, 1000);
    expect(workers).toHaveLength(0);
    const answers = await Promise.all(["1", "2", "3"].map((document) => forecaster.ask(request(document))));
    expect(answers.map((one) => one?.predicted.total)).toEqual([undefined, undefined, 3]);
    expect(asked).toEqual(["3"]);
    const stale = forecaster.ask(request("4"));
    await wait(5);
    expect((await forecaster.ask(request("5")))?.predicted.total).toBe(5);
    expect(await stale).toBeUndefined();
    expect(workers).toHaveLength(1);
    forecaster.dispose();
  });

  it("is ended if it does not come back from what nobody waits for, and another takes its place", async () => {
    const { forecaster, workers } = forecasterOf(({ document }) => (document === "1" ? new Promise(() => undefined) : Promise.resolve(answer(2))));
    const stuck = forecaster.ask(request("1"));
    await wait(5);
    expect((await forecaster.ask(request("2")))?.predicted.total).toBe(2);
    expect(await stuck).toBeUndefined();
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    forecaster.dispose();
  });

  it("may die or fail without anybody waiting for ever", async () => {
    const { forecaster, workers } = forecasterOf(({ document }) =>
      document === "fail" ? Promise.reject(new Error("no")) : document === "die" ? new Promise(() => undefined) : Promise.resolve(answer(1)),
    );
    expect(await forecaster.ask(request("fail"))).toBeUndefined();
    const dying = forecaster.ask(request("die"));
    await wait(5);
    workers[0]?.fail("Out of memory.");
    expect(await dying).toBeUndefined();
    expect((await forecaster.ask(request("again")))?.predicted.total).toBe(1);
    expect(workers).toHaveLength(2);
    forecaster.dispose();
  });
});

describe("the open document's forecast", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

  function windowOf(rest = 10) {
    const store = createForecastStore();
    const documents = createDocumentStore({ env: createInferEnv() });
    const backends = createBackendStore();
    const asked: ForecastRequest[] = [];
    let cancelled = 0;
    const replies: ((forecast: Forecast | undefined) => void)[] = [];
    const forecaster: Forecaster = {
      ask(request) {
        asked.push(request);
        return new Promise((resolve) => replies.push(resolve));
      },
      cancel() {
        cancelled++;
        replies.at(-1)?.(undefined);
      },
      dispose: () => undefined,
    };
    const stop = startForecasting({ store, documents, backends, data: createDataStore(), forecaster, rest });
    const view = (viewers: number) => store.setState({ viewers });
    const measure = () => backends.setState({ state: "ready", report: { chosen: "wasm", label: "WASM", measured } });
    return { store, documents, asked, replies, view, measure, stop, cancelled: () => cancelled };
  }

  it("is asked for once an edit has come to rest, and only while somebody looks and the backends are known", async () => {
    const { store, documents, asked, replies, view, measure, stop } = windowOf();
    documents.getState().open(deepNetwork(1, 8));
    await wait(30);
    expect(asked).toHaveLength(0);
    view(1);
    await wait(30);
    expect(asked).toHaveLength(0);
    measure();
    expect(store.getState().pending).toBe(true);
    for (const batch of [10, 20, 30]) documents.getState().edit("Set the batch", setTraining({ batch }));
    await wait(30);
    expect(asked.map(({ document }) => JSON.parse(document).training.batch)).toEqual([30]);
    replies[0]?.(answer(5));
    await wait(0);
    expect(store.getState()).toMatchObject({ pending: false, forecast: { predicted: { total: 5 } } });
    // Where nodes stand, and what the document is called, cost no memory.
    documents.getState().edit("Rename", (document) => ({ ...document, name: "other" }));
    await wait(30);
    expect(asked).toHaveLength(1);
    stop();
  });

  it("is called off by an edit, and what was shown stays until there is a newer one", async () => {
    const { store, documents, asked, replies, view, measure, stop, cancelled } = windowOf();
    documents.getState().open(deepNetwork(1, 8));
    measure();
    view(1);
    await wait(30);
    replies[0]?.(answer(5));
    await wait(0);
    documents.getState().edit("Set the batch", setTraining({ batch: 7 }));
    await wait(30);
    const before = cancelled();
    documents.getState().edit("Set the batch", setTraining({ batch: 8 }));
    expect(cancelled()).toBe(before + 1);
    expect(store.getState()).toMatchObject({ pending: true, forecast: { predicted: { total: 5 } } });
    await wait(30);
    expect(asked).toHaveLength(3);
    replies[2]?.(answer(8));
    await wait(0);
    expect(store.getState()).toMatchObject({ pending: false, forecast: { predicted: { total: 8 } } });
    stop();
  });

  it("is not there for a drawing with faults, nor for another document than it was made for", async () => {
    const { store, documents, asked, replies, view, measure, stop } = windowOf();
    documents.getState().open(deepNetwork(1, 8));
    measure();
    view(1);
    await wait(30);
    replies[0]?.(answer(5));
    await wait(0);
    documents.getState().open({ ...deepNetwork(1, 8), edges: [] });
    expect(store.getState().forecast).toBeUndefined();
    await wait(30);
    expect(store.getState()).toMatchObject({ forecast: undefined, pending: false });
    expect(asked).toHaveLength(1);
    stop();
  });

  it("is told in one line, without what is nothing", () => {
    const predicted = { weights: 385 * MiB, slots: 771 * MiB, copies: 0, step: 526 * MiB, total: 1682 * MiB, nodes: [] };
    expect(needText({ predicted })).toBe("Needs about 1.6 GiB (weights 385 MiB, optimiser 771 MiB, step 526 MiB)");
    expect(needText({ predicted: { ...predicted, slots: 0, step: undefined } })).toBe("Needs more than 1.6 GiB (weights 385 MiB)");
  });
});
