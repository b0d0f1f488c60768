import type { StoreApi } from "zustand";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import type { Host, RunRecord, RunState } from "../../src/host/contract.ts";
import type { RunEvent } from "../../src/training/types.ts";
import type { EngineApi, RunStart } from "../engine/api.ts";
import type { Liveness } from "../host/locks.ts";
import { nextRunName, putRun, type RunsData } from "../runs/store.ts";
import { appendRows, latestFigures, readRows, rewind } from "./curves.ts";
import { keyFigure } from "./figures.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { canContinue, emptySession, type SessionData } from "./store.ts";
import { hashOf, trainedKey } from "./trained.ts";

/** Where something went wrong that the person should know of, though work goes on. */
export type Notify = (notice: { readonly tone: "info" | "good" | "bad"; readonly text: string }) => void;

export interface SessionOptions {
  readonly host: Pick<
    Host,
    "createRun" | "updateRun" | "appendMetrics" | "saveCheckpoint" | "readCheckpoint" | "readMetrics" | "readRunDocument" | "listRuns"
  >;
  readonly engine: Pick<EngineApi, "startRun" | "pause" | "resume" | "step" | "stop" | "checkpoint" | "release">;
  readonly store: StoreApi<SessionData>;
  readonly runs: StoreApi<RunsData>;
  readonly liveness: Liveness;
  readonly notify: Notify;
  /** Milliseconds between two checkpoints of a running run, beside those that its document asks for. */
  readonly checkpointEvery?: number;
}

/** The run whose weights another begins with. */
export interface Beginning {
  readonly run: RunRecord;
  /** Rules by which names differ there: `"encoder=bert"`. */
  readonly renamings: string;
}

/** Starts, steers, records and continues runs; what it knows lies in the session store. One run at a time. */
export interface Session {
  /** Starts a new run of the document, if wished with another run's weights; a run that is still held is put aside, paused. */
  train(document: NetloomDocument, from?: Beginning): Promise<void>;
  pause(): Promise<void>;
  /** Goes on: at once if the worker holds the run, else from its last checkpoint. */
  resume(): Promise<void>;
  step(): Promise<void>;
  stop(): Promise<void>;
  /** Shows a kept run: its document as trained, curves, state. */
  show(id: string): Promise<void>;
  /** Forgets the shown run. */
  clear(): Promise<void>;
  /** Asks for a checkpoint now and waits until it is written. */
  save(): Promise<void>;
  /** The worker died: the run goes on from its last checkpoint, if there is one. */
  onEngineDeath(reason: string): void;
  dispose(): void;
}

/** Milliseconds until a run's first checkpoint. */
const firstCheckpoint = 2000;

export function createSession(options: SessionOptions): Session {
  const { host, engine, store, runs, liveness, notify, checkpointEvery = 10_000 } = options;
  let recorder: Recorder | undefined;
  let release: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Events of a run that is no longer the held one are passed over. */
  let holding = 0;

  const onFault = (error: unknown) =>
    notify({
      tone: "bad",
      text: `The run goes on, but cannot be written down: ${reason(error)} Free some space, or export the model before closing.`,
    });

  const patchRun = (patch: Partial<RunRecord>) => {
    const { run } = store.getState();
    if (run === undefined) return;
    const next = { ...run, ...patch };
    store.setState({ run: next });
    putRun(runs, next);
    recorder?.patch(patch);
  };

  /** The shown run is called what the list of runs calls it: it may be renamed there, even while it trains. */
  const followName = runs.subscribe(({ runs: listed }) => {
    const { run } = store.getState();
    const name = listed.find((other) => other.id === run?.id)?.name;
    if (run !== undefined && name !== undefined && name !== run.name) store.setState({ run: { ...run, name } });
  });

  interface How {
    readonly resumed?: RunRecord;
    readonly from?: Beginning | undefined;
    readonly pauseAfter?: number | undefined;
  }
  const begin = async (document: NetloomDocument, text: string, { resumed, from, pauseAfter }: How): Promise<void> => {
    await letGo();
    const turn = ++holding;
    const kept = resumed ?? from?.run;
    const checkpoint = kept === undefined ? undefined : ((await host.readCheckpoint(kept.id)) ?? undefined);
    if (kept !== undefined && checkpoint === undefined) {
      const remedy = resumed ? "Train again from the start." : "Choose another run.";
      notify({ tone: "bad", text: `${kept.name} has no checkpoint to go on from. ${remedy}` });
      return;
    }
    const weights = checkpoint && (from ? { from: { checkpoint, renamings: from.renamings } } : { checkpoint });
    store.setState(
      resumed === undefined
        ? { ...emptySession, curves: new Map(), state: "starting", document, trainedKey: trainedKey(document) }
        : { state: "starting", failure: undefined, warning: undefined, progress: undefined },
    );
    let created: () => void = () => undefined;
    const after = new Promise<void>((resolve) => {
      created = resolve;
    });
    const id = resumed?.id ?? `${Date.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`;
    recorder = createRecorder({ host, run: id, onFault, after });
    const mine = recorder;
    const early: RunEvent[] = [];
    let known = false;
    const started = await engine
      .startRun({ document: text, seconds: resumed?.seconds ?? 0, ...weights, ...(pauseAfter && { pauseAfter }) }, (event) => {
        if (turn !== holding) return;
        if (known) receive(event);
        else early.push(event);
      })
      .catch((error: unknown) => ({ ok: false as const, message: reason(error) }));
    if (turn !== holding) return;
    if (!started.ok) {
      mine.dispose();
      recorder = undefined;
      const { message, ...more } = started;
      store.setState({ state: "failed", live: false, failure: { message, ...more } });
      return;
    }
    const run: RunRecord = resumed
      ? { ...resumed, state: "running", steps: started.steps, backend: started.backend, reason: undefined, node: undefined }
      : {
          id,
          name: nextRunName(runs.getState().runs),
          document: document.name,
          documentHash: await hashOf(text),
          dataHash: started.dataHash,
          seed: started.seed,
          batch: started.batch,
          backend: started.backend,
          created: Date.now(),
          state: "running",
          step: started.step,
          steps: started.steps,
          parameters: started.parameters,
          seconds: 0,
          figures: {},
          ...(from && started.carried && { from: beginningOf(from, started.carried) }),
        };
    if (resumed && resumed.dataHash !== started.dataHash)
      notify({ tone: "info", text: `The data have changed since ${resumed.name} began: its curve goes on with other examples.` });
    release = liveness.hold(`run-${id}`);
    if (resumed) {
      rewind(store.getState().curves, started.step);
      mine.patch({ state: "running", backend: started.backend, reason: "", node: "" });
      created();
    } else {
      host.createRun(run, text).then(created, (error: unknown) => {
        onFault(error);
        created();
      });
    }
    store.setState((state) => ({ state: "running", live: true, run, revision: state.revision + 1 }));
    putRun(runs, run);
    known = true;
    for (const event of early) receive(event);
    keepSafe(Math.min(checkpointEvery, firstCheckpoint));
  };

  /** Checkpoints by the clock: soon after the start, then now and then. */
  const keepSafe = (wait: number): void => {
    timer = setTimeout(() => {
      if (store.getState().state === "running") engine.checkpoint().catch(() => undefined);
      keepSafe(checkpointEvery);
    }, wait);
  };

  const receive = (event: RunEvent): void => {
    switch (event.kind) {
      case "metrics": {
        const { curves, lossValues } = store.getState();
        appendRows(curves, event.rows);
        const values: Record<string, number> = { ...lossValues };
        for (const row of event.rows) if (row.split === "train") Object.assign(values, row.values);
        store.setState((state) => ({ lossValues: values, revision: state.revision + 1 }));
        recorder?.rows(event.rows);
        const last = event.rows.at(-1);
        const figures = latestFigures(curves);
        const headline = keyFigure(figures, store.getState().document);
        if (last) patchRun({ figures, headline, seconds: last.seconds, step: Math.max(last.step, store.getState().run?.step ?? 0) });
        return;
      }
      case "progress":
        store.setState({ progress: event.progress });
        patchRun({ step: event.progress.step });
        return;
      case "previews": {
        const frames = Object.fromEntries(event.frames.map((frame) => [frame.node, frame]));
        store.setState((state) => ({ frames: { ...state.frames, ...frames } }));
        return;
      }
      case "checkpoint":
        recorder?.checkpoint(event.step, event.bytes);
        patchRun({ checkpointStep: event.step, step: Math.max(event.step, store.getState().run?.step ?? 0) });
        return;
      case "state":
        onState(event.state, event.failure);
        return;
      case "warning":
        store.setState({ warning: event.message });
        return;
    }
    event satisfies never;
  };

  const onState = (state: "running" | "paused" | "finished" | "stopped" | "failed", failure: SessionData["failure"]) => {
    store.setState({ state, failure });
    patchRun({ state, ...(failure && { reason: failure.message, ...(failure.node && { node: failure.node }) }) });
    void recorder?.flush();
    if (state === "finished" || state === "stopped" || state === "failed") {
      store.setState({ live: false });
      end();
    }
  };

  /** Nothing more is expected of the worker's run. */
  const end = () => {
    holding++;
    clearTimeout(timer);
    release?.();
    release = undefined;
    void recorder?.flush();
    recorder = undefined;
    engine.release().catch(() => undefined);
  };

  /** Puts the held run aside, paused, with a checkpoint of where it stands. */
  const letGo = async (): Promise<void> => {
    if (!store.getState().live) return;
    await session.pause().catch(() => undefined);
    const { run } = store.getState();
    if (run) patchRun({ state: run.step >= run.steps ? "finished" : "paused" });
    store.setState({ live: false, state: "paused" });
    await recorder?.flush();
    end();
  };

  const load = async (id: string): Promise<void> => {
    const record = runs.getState().runs.find((run) => run.id === id) ?? (await host.listRuns()).find((run) => run.id === id);
    if (record === undefined) {
      notify({ tone: "bad", text: "That run is gone." });
      return;
    }
    const [text, metrics] = await Promise.all([host.readRunDocument(id), host.readMetrics(id)]);
    const read = readDocument(text);
    const curves = new Map();
    appendRows(curves, readRows(metrics));
    const state: RunState = record.state === "running" ? "interrupted" : record.state;
    store.setState((before) => ({
      ...emptySession,
      state,
      run: { ...record, state },
      curves,
      revision: before.revision + 1,
      document: read.ok ? read.document : undefined,
      trainedKey: read.ok ? trainedKey(read.document) : undefined,
      failure: record.reason ? { message: record.reason, ...(record.node && { node: record.node }) } : undefined,
    }));
  };

  /** The shown run from its last checkpoint, all the way or for some steps. */
  const goOn = async (pauseAfter?: number): Promise<void> => {
    const { run, document } = store.getState();
    if (run === undefined || !canContinue(store.getState())) return;
    const text = await host.readRunDocument(run.id);
    const read = readDocument(text);
    if (read.ok) await begin(document ?? read.document, text, { resumed: run, pauseAfter });
    else notify({ tone: "bad", text: `${run.name} cannot go on: its document can no longer be read. ${read.problems[0]?.message ?? ""}` });
  };

  /** Waits until the store says so, but not for ever: the worker may be busy with a long step, or gone. */
  const until = (condition: (data: SessionData) => boolean, timeout: number): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        stop();
        clearTimeout(limit);
        resolve();
      };
      const stop = store.subscribe((data) => condition(data) && done());
      const limit = setTimeout(done, timeout);
      if (condition(store.getState())) done();
    });

  const session: Session = {
    train: (document, from) => begin(document, writeDocument(document), { from }),
    async pause() {
      if (!store.getState().live) return;
      await engine.pause();
      await until(({ state }) => state !== "running", 5000);
      await recorder?.flush();
    },
    async resume() {
      if (store.getState().live) await engine.resume();
      else await goOn();
    },
    async step() {
      if (store.getState().live) await engine.step();
      else await goOn(1);
    },
    async stop() {
      if (store.getState().live) await engine.stop();
      else if (store.getState().run && store.getState().state !== "finished") {
        const id = store.getState().run?.id;
        store.setState({ state: "stopped" });
        patchRun({ state: "stopped" });
        if (id) await host.updateRun(id, { state: "stopped" }).catch(onFault);
      }
    },
    async show(id) {
      if (store.getState().live && store.getState().run?.id === id) return;
      await letGo();
      await load(id);
    },
    async clear() {
      await letGo();
      store.setState((state) => ({ ...emptySession, curves: new Map(), revision: state.revision + 1 }));
    },
    async save() {
      if (!store.getState().live) return;
      const before = store.getState().run?.checkpointStep;
      await engine.checkpoint().catch(() => undefined);
      await until(({ run }) => run?.checkpointStep !== before, 1000);
      await recorder?.flush();
    },
    onEngineDeath(message) {
      if (!store.getState().live && store.getState().state !== "starting") return;
      const { run } = store.getState();
      const remedy =
        run?.checkpointStep === undefined ? "Train again; a smaller batch needs less memory." : `Resume goes on from step ${run.checkpointStep}.`;
      const failure = { message: `The training engine stopped unexpectedly. ${message}`.trim(), remedy };
      store.setState({ state: "interrupted", live: false, failure });
      patchRun({ state: "interrupted", reason: failure.message });
      end();
    },
    dispose() {
      clearTimeout(timer);
      followName();
      release?.();
      void recorder?.flush();
      recorder = undefined;
    },
  };
  return session;
}

/** What a run's record says of the run that it began with. */
const beginningOf = ({ run }: Beginning, carried: NonNullable<Extract<RunStart, { ok: true }>["carried"]>): NonNullable<RunRecord["from"]> => ({
  ...carried,
  run: run.id,
  name: run.name,
  document: run.document,
  fresh: [...carried.fresh],
});

export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
