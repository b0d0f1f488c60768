import { readdirSync, readFileSync } from "node:fs";
import { prepareBackend } from "../../src/backends/backends.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { loadDataset } from "../../src/data/load.ts";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import type { Checked } from "../../src/graph/types.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "./kernels.ts";

/** The templates as files, and what is needed to train them in Node. Paths begin at the repository, from which all scripts run. */

export const templateIds: readonly string[] = readdirSync("templates")
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length))
  .sort();

export const templateText = (id: string): string => readFileSync(`templates/${id}.json`, "utf8");

export function openTemplate(id: string): { document: NetloomDocument; checked: Checked } {
  const result = readDocument(templateText(id));
  if (!result.ok) throw new Error(`${id}: ${JSON.stringify(result.problems)}`);
  return { document: result.document, checked: checkDocument(result.document, registry, createInferEnv()) };
}

/** Templates that train: those in full size have no data, and are opened and counted only. */
export const trainableIds: readonly string[] = templateIds.filter((id) =>
  openTemplate(id).checked.nodes.some(({ layer }) => layer.type === "dataset"),
);

/** Those of which hundreds of steps, or several forms, are tried within seconds. */
export const lightIds: readonly string[] = trainableIds.filter((id) => openTemplate(id).checked.totals.multiplyAdds < 2_000_000);

interface Opened {
  readonly document: NetloomDocument;
  readonly checked: Checked;
}

/** A trainer on the WebAssembly backend, with the data sets that the document names. */
export async function trainTemplate(template: Opened): Promise<Trainer> {
  await prepareBackend("wasm", { kernels: builtKernels });
  return createTrainer({ ...template, datasets: await loadDatasets(template) });
}

/** What the data-set nodes of a document give, by their paths; `own` holds sets that are not bundled. */
export async function loadDatasets({ document, checked }: Opened, own: ReadonlyMap<string, Dataset> = new Map()): Promise<Map<string, Dataset>> {
  const planned = trainingPlan(document, checked);
  if (!planned.ok) throw new Error(planned.problems.map((problem) => problem.message).join(" "));
  const { seed, datasets } = planned.plan;
  const loaded = new Map<string, Dataset>();
  for (const { path, name, options, validation } of datasets)
    loaded.set(path, own.get(name) ?? (await loadDataset({ name, options, validation, seed }, reader)));
  return loaded;
}

const reader = {
  bundled: async (name: string) => new Uint8Array(readFileSync(`src/data/files/${name}`)),
  user: async (name: string) => Promise.reject(new Error(`A template cannot use the file "${name}" of one user.`)),
};
