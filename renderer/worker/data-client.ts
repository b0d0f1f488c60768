import * as Comlink from "comlink";
import { createInferEnv, userInfo } from "../../src/data/catalogue.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import type { DatasetEntry, FileDescription, PackedImages } from "../engine/api.ts";
import type { DataApi } from "./data.ts";
import type { DataWorkerApi } from "./data.worker.ts";

/** The data worker as the engine's worker sees it. */
export interface WorkerData extends DataApi {
  /** What the checker asks, as last listed. */
  readonly env: InferEnv;
}

/** What the checker asks, answered from Netloom's own sets and the person's. */
export const envOf = (user: () => readonly DatasetEntry[]): InferEnv =>
  createInferEnv(
    (name, options) => {
      const entry = user().find((one) => one.info.name === name);
      return entry && userInfo(entry, options);
    },
    () => user().map((entry) => entry.info.name),
  );

interface Living {
  readonly remote: Comlink.Remote<DataWorkerApi>;
  readonly ready: Promise<void>;
  /** Rejects when the worker dies; never resolves. */
  readonly death: Promise<never>;
}

const dataWorker = (): Worker => new Worker(new URL("./data.worker.ts", import.meta.url), { type: "module", name: "netloom-data" });

/**
 * Starts the data worker. Where it dies (of a file too large for its memory, say), what was asked of it fails in words, and the
 * next question starts another.
 */
export function createDataClient(base: string, readUser: (name: string) => Promise<Uint8Array>, makeWorker = dataWorker): WorkerData {
  let user: readonly DatasetEntry[] = [];
  let living: Living | undefined = start();

  function start(): Living {
    const worker = makeWorker();
    const remote = Comlink.wrap<DataWorkerApi>(worker);
    const ready = remote.initialise(
      base,
      Comlink.proxy(async (name: string) => {
        const bytes = await readUser(name);
        return Comlink.transfer(bytes, [bytes.buffer]);
      }),
    );
    const death = new Promise<never>((_, reject) => {
      const die = (reason: string) => {
        worker.terminate();
        if (living?.remote === remote) living = undefined;
        reject(new Error(`Reading data failed. ${reason}`));
      };
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        die(event.message || "The data worker could not be loaded.");
      });
      worker.addEventListener("messageerror", () => die("An answer of the data worker could not be read."));
    });
    death.catch(() => undefined);
    ready.catch(() => undefined);
    return { remote, ready, death };
  }

  const ask = <T>(question: (remote: Comlink.Remote<DataWorkerApi>) => Promise<T>): Promise<T> => {
    living ??= start();
    const { remote, ready, death } = living;
    return Promise.race([ready.then(() => question(remote)), death]);
  };

  return {
    env: envOf(() => user),
    async datasets(files) {
      const listed = await ask((data) => data.datasets(files));
      user = listed.entries.filter((entry) => entry.user);
      return listed;
    },
    load: (request) => ask((data) => data.load(request)),
    samples: (...args) => ask((data) => data.samples(...args)),
    describeFile: (name, bytes, target) => ask<FileDescription>((data) => data.describeFile(name, Comlink.transfer(bytes, [bytes.buffer]), target)),
    async packImages(files) {
      const buffers = [...new Set(files.map(({ bytes }) => bytes.buffer))];
      const packed = await ask<PackedImages>((data) => data.packImages(Comlink.transfer(files, buffers)));
      return packed.ok ? Comlink.transfer(packed, [packed.zip.buffer]) : packed;
    },
  };
}
