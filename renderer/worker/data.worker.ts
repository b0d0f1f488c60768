import * as Comlink from "comlink";
import { createWorkerData, type DataApi } from "./data.ts";
import { createReader } from "./reader.ts";

/**
 * The data worker: it reads, decodes and holds data sets, so that neither the page nor a run in training waits for that. The
 * engine's worker starts it and passes on what the page asks.
 */
export interface DataWorkerApi extends DataApi {
  /** Must be the first call. */
  initialise(base: string, readUser: (name: string) => Promise<Uint8Array>): Promise<void>;
}

let made: DataApi | undefined;
const data = (): DataApi => {
  if (made === undefined) throw new Error("The data worker has not been initialised.");
  return made;
};

const api: DataWorkerApi = {
  async initialise(base, readUser) {
    made = createWorkerData(createReader(base, readUser));
  },
  load: async (request) => data().load(request),
  datasets: async (files) => data().datasets(files),
  samples: async (...args) => data().samples(...args),
  describeFile: async (...args) => data().describeFile(...args),
  async packImages(files) {
    const packed = await data().packImages(files);
    return packed.ok ? Comlink.transfer(packed, [packed.zip.buffer]) : packed;
  },
};

Comlink.expose(api);
