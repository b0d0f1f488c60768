import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInferEnv, datasetSources, userInfo } from "../data/catalogue.ts";
import type { DataReader } from "../data/types.ts";
import { formatProblems, type UserData } from "../data/user.ts";
import { createUserFiles, type UserFiles } from "../data/user-files.ts";
import type { NetloomDocument } from "../document/schema.ts";
import { findInstallation, netloomHome } from "../host/install.ts";
import { readBytes } from "../host/read-bytes.ts";
import type { InferEnv } from "../layers/contract.ts";
import { packPictureFolder } from "./picture-folder.ts";

/** There is no data file of that name; every other error says why one that is there cannot be read. */
class NoDataFile extends Error {}

/** Reads bundled data, and a user's files and picture folders from the document's folder or from those brought to the app. */
function diskReader(documentPath: string, environment: NodeJS.ProcessEnv): DataReader {
  const { assets } = findInstallation();
  const places = [dirname(documentPath), join(netloomHome(environment), "data")];
  return {
    bundled: (name) => readBytes(join(assets.data, name)),
    async user(name) {
      if (name !== basename(name) || /^\.*$/.test(name)) throw new Error(`"${name}" is no name of a data file: it has folders in it.`);
      for (const place of places) {
        const path = join(place, name);
        const found = await stat(path).catch(() => undefined);
        if (found?.isDirectory()) return packPictureFolder(path);
        if (found?.isFile()) return readBytes(path);
      }
      throw new NoDataFile(`There is no data file "${name}", neither beside the document nor among the files brought to Netloom.`);
    },
  };
}

/** Data as a command reads them: a user's file is decoded once, for checking and for training. */
export interface CommandData {
  readonly reader: DataReader;
  readonly files: UserFiles;
}

export function commandData(documentPath: string, environment: NodeJS.ProcessEnv): CommandData {
  const reader = diskReader(documentPath, environment);
  return { reader, files: createUserFiles(reader) };
}

/** What the checker may know of data: Netloom's own sets, and the user's files that the document names. */
export async function inferEnvOf(document: NetloomDocument, files: UserFiles): Promise<InferEnv> {
  const described = new Map<string, UserData>();
  const faults = new Map<string, string>();
  for (const name of userNames(document)) {
    try {
      const read = await files.open(name);
      const outcome = read.ok ? read.content.describe(name) : read;
      if (outcome.ok) described.set(name, outcome);
      else faults.set(name, formatProblems(outcome.problems));
    } catch (error) {
      if (!(error instanceof NoDataFile)) faults.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  return createInferEnv(
    (name, options) => {
      const data = described.get(name);
      return data && userInfo({ ...data, byTarget: data.infos }, options);
    },
    () => [...described.keys()],
    { targets: (name) => [...(described.get(name)?.infos.keys() ?? [])], fault: (name) => faults.get(name) },
  );
}

/** Names of data sets in the document that are not Netloom's own. */
function userNames(document: NetloomDocument): ReadonlySet<string> {
  const nodes = [document.nodes, ...Object.values(document.blocks ?? {}).map((block) => block.nodes)].flat();
  const names = nodes.flatMap(({ type, params }) => (type === "dataset" && typeof params?.name === "string" ? [params.name] : []));
  return new Set(names.filter((name) => !datasetSources.has(name)));
}
