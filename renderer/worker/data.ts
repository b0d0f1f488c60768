import { datasetSources } from "../../src/data/catalogue.ts";
import { imagesFromFiles } from "../../src/data/images.ts";
import { loadDataset } from "../../src/data/load.ts";
import { classCounts, sampleDataset } from "../../src/data/samples.ts";
import type { DataReader, DatasetRequest } from "../../src/data/types.ts";
import { createUserFiles } from "../../src/data/user-files.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import type { DatasetEntry, EngineApi, FileDescription, UnreadableFile } from "../engine/api.ts";

/** What the data worker does: says what sets there are, draws samples of them, loads them, reads and describes a person's files. */
export interface DataApi extends Pick<EngineApi, "datasets" | "samples" | "describeFile" | "packImages"> {
  /** Loads a set for training; the last few stay in memory. Collections lie in shared memory, where there is some. */
  load(request: DatasetRequest): Promise<Dataset>;
}

const sampleSeed = 1;
/** Sets kept in memory between the data panel and training. */
const kept = 3;

export function createWorkerData(reader: DataReader): DataApi {
  const files = createUserFiles(reader);
  const loaded = new Map<string, Promise<Dataset>>();

  const load = (request: DatasetRequest): Promise<Dataset> => {
    const key = JSON.stringify([request.name, request.options ?? {}, request.validation, request.seed]);
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const loading = loadDataset(request, reader, files);
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
    for (const old of [...loaded.keys()].slice(0, -kept)) loaded.delete(old);
    return loading;
  };

  const describe = async (name: string): Promise<DatasetEntry | UnreadableFile> => {
    const read = await files.open(name).then(
      (opened) => (opened.ok ? opened.content.describe(name) : opened),
      (error: unknown) => ({ ok: false as const, problems: [{ message: error instanceof Error ? error.message : String(error) }] }),
    );
    if (!read.ok) return { name, problems: read.problems };
    return {
      info: read.info,
      user: true,
      byTarget: Object.fromEntries(read.infos),
      ...(read.target !== undefined && { target: read.target }),
      ...(read.text && { text: read.text }),
    };
  };

  return {
    load,
    async datasets(userFiles) {
      files.renew();
      loaded.clear();
      const described = await Promise.all(userFiles.map(describe));
      const user = described.filter((entry): entry is DatasetEntry => "info" in entry);
      const own = [...datasetSources.values()].map((source): DatasetEntry => ({ info: source.info, user: false, byTarget: {} }));
      return { entries: [...own, ...user], unreadable: described.filter((entry): entry is UnreadableFile => "problems" in entry) };
    },
    async samples(name, target, split, count) {
      const dataset = await load({ name, validation: 0, seed: sampleSeed, ...(target && { options: { target } }) });
      const { indices, ports } = sampleDataset(dataset, split, count, sampleSeed);
      return {
        name,
        split,
        count: indices.length,
        ports: Object.entries(dataset.info.ports).map(([port, { shape, view, names }]) => ({
          port,
          view,
          shape: shape.map(Number),
          values: ports[port]?.values ?? new Float32Array(),
          ...(names && { names }),
        })),
        classes: classCounts(dataset, split),
      };
    },
    async describeFile(name, bytes, target): Promise<FileDescription> {
      const read = await files.read(bytes, name);
      const described = read.ok ? read.content.describe(name, target) : read;
      if (!described.ok) return described;
      const { info, infos, preview } = described;
      return { ok: true, info, targets: [...infos.keys()], preview, ...(described.target !== undefined && { target: described.target }) };
    },
    packImages: async (dropped) => imagesFromFiles(dropped),
  };
}
