import * as Comlink from "comlink";
import type { ProbeFrame } from "../../src/training/types.ts";
import type { AnalysisOutcome, EngineApi, ExportOutcome, FileDescription, PackedImages, RunStart, WritingOutcome } from "./api.ts";

/** The worker died, or could not be loaded: whatever was asked of it gets no answer. */
export class EngineDied extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineDied";
  }
}

/** The engine as the page sees it. A worker that dies is replaced; `onDeath` tells what was lost. */
export interface Engine {
  readonly api: Omit<EngineApi, "initialise" | "ping">;
  /** Gives the worker up and starts another: its graphics device is lost. */
  restart(reason: string): void;
  /** Called after a death, when a new worker is already being started. Returns how to stop listening. */
  onDeath(listener: (message: string) => void): () => void;
  dispose(): void;
}

export interface EngineOptions {
  readonly base: string;
  readonly readUser: (name: string) => Promise<Uint8Array>;
  readonly makeWorker?: () => Worker;
}

const engineWorker = (): Worker => new Worker(new URL("../worker/engine.worker.ts", import.meta.url), { type: "module", name: "netloom-engine" });

/** Milliseconds that a worker which reported an error may take to show that it lives: as long as a long training step. */
const patience = 10_000;

interface Living {
  readonly worker: Worker;
  readonly remote: Comlink.Remote<EngineApi>;
  /** Rejects when this worker dies; never resolves. */
  readonly death: Promise<never>;
  readonly ready: Promise<void>;
  die(reason: string): void;
}

/** Starts the worker. The caller disposes of it. */
export function createEngine({ base, readUser, makeWorker = engineWorker }: EngineOptions): Engine {
  const listeners = new Set<(message: string) => void>();
  let disposed = false;
  let living = start();

  function start(): Living {
    const worker = makeWorker();
    const remote = Comlink.wrap<EngineApi>(worker);
    const ready = remote.initialise({ base }, Comlink.proxy(readUser));
    let die: (reason: string) => void = () => undefined;
    const death = new Promise<never>((_, reject) => {
      die = (message) => {
        reject(new EngineDied(message));
        if (living.worker !== worker || disposed) return;
        worker.terminate();
        living = start();
        for (const listener of listeners) listener(message);
      };
      // An error that nobody caught need not be its end (it may come from a worker of its own): does it still answer?
      worker.addEventListener("error", (event) => {
        const silent = new Promise<boolean>((resolve) => setTimeout(resolve, patience, true));
        const answers = ready
          .then(() => remote.ping())
          .then(
            () => false,
            () => true,
          );
        void Promise.race([answers, silent]).then((dead) => dead && die(event.message || "It could not be loaded."));
      });
      worker.addEventListener("messageerror", () => die("A message from the training engine could not be read."));
    });
    death.catch(() => undefined);
    ready.catch(() => undefined);
    return { worker, remote, death, ready, die };
  }

  /** Asks the worker that lives now; fails at once if it dies meanwhile, rather than wait for ever. */
  const ask = <T>(question: (remote: Comlink.Remote<EngineApi>) => Promise<T>): Promise<T> => {
    const { remote, death, ready } = living;
    return Promise.race([ready.then(() => question(remote)), death]);
  };

  return {
    api: {
      prepareBackend: (preferred, known) => ask((engine) => engine.prepareBackend(preferred, known)),
      datasets: (files) => ask((engine) => engine.datasets(files)),
      samples: (name, target, split, count) => ask((engine) => engine.samples(name, target, split, count)),
      describeFile: (name, bytes, target) => ask<FileDescription>((engine) => engine.describeFile(name, bytes, target)),
      packImages: (files) => ask<PackedImages>((engine) => engine.packImages(files)),
      startRun: (request, onEvent) => ask<RunStart>((engine) => engine.startRun(request, Comlink.proxy(onEvent))),
      pause: () => ask((engine) => engine.pause()),
      resume: () => ask((engine) => engine.resume()),
      step: () => ask((engine) => engine.step()),
      stop: () => ask((engine) => engine.stop()),
      checkpoint: () => ask((engine) => engine.checkpoint()),
      probe: (path) => ask<ProbeFrame | undefined>((engine) => engine.probe(path)),
      release: () => ask((engine) => engine.release()),
      exportFormats: () => ask((engine) => engine.exportFormats()),
      analyse: (request, onProgress) => ask<AnalysisOutcome>((engine) => engine.analyse(request, Comlink.proxy(onProgress))),
      cancelAnalysis: () => ask((engine) => engine.cancelAnalysis()),
      exportModel: (request) => ask<ExportOutcome>((engine) => engine.exportModel(request)),
      write: (request, onEvent) => ask<WritingOutcome>((engine) => engine.write(request, Comlink.proxy(onEvent))),
      stopWriting: () => ask((engine) => engine.stopWriting()),
    },
    restart: (reason) => living.die(reason),
    onDeath(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      disposed = true;
      living.worker.terminate();
    },
  };
}
