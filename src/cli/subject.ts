import { createSubject, type Subject } from "../analysis/subject.ts";
import { prepareBackend } from "../backends/backends.ts";
import { nodeKernels } from "../backends/node.ts";
import { loadDataset } from "../data/load.ts";
import type { NetloomDocument } from "../document/schema.ts";
import { plannedDatasets } from "../graph/training.ts";
import { findInstallation } from "../host/install.ts";
import type { RunFolder } from "../host/run-folder.ts";
import type { Dataset } from "../tensor/dataset.ts";
import { checkFor, sourceOf } from "./checked.ts";
import { Failure, type Terminal } from "./command.ts";
import { findRun } from "./find-run.ts";
import { loadDocument } from "./load.ts";
import { formatProblems } from "./problems.ts";
import { trainedModel } from "./trained-model.ts";
import { commandData } from "./user-data.ts";

/** A run's trained network, or a document's as it begins, ready to be looked into. @throws Failure, UsageError */
export async function openSubject(argument: string, terminal: Terminal): Promise<{ readonly subject: Subject; readonly document: NetloomDocument }> {
  const run = findRun(argument, terminal);
  const { document, path, weights } = run ? await ofRun(run, terminal) : { ...(await loadDocument(argument, terminal)), weights: undefined };
  const data = commandData(path, terminal.environment);
  const checked = await checkFor(document, path, terminal, data);
  if (!checked.ok) throw new Failure(`${document.name} has problems.\n${formatProblems(checked.problems)}`);
  const seed = document.training?.seed ?? 1;
  await prepareBackend("wasm", { kernels: nodeKernels(findInstallation().assets.kernels) });
  const datasets = new Map<string, Dataset>();
  for (const { path: node, name, options, validation } of plannedDatasets(checked))
    datasets.set(node, await loadDataset({ name, options, validation, seed }, data.reader, data.files));
  return { subject: createSubject({ document, checked, datasets, seed, ...(weights && { weights: Object.fromEntries(weights) }) }), document };
}

async function ofRun(run: RunFolder, terminal: Terminal) {
  const { document, weights } = await trainedModel(run, terminal);
  return { document, path: sourceOf(await run.record(), run.path), weights };
}
