import { readDocument } from "../document/read.ts";
import type { ExportRequest } from "../export/formats.ts";
import type { RunFolder } from "../host/run-folder.ts";
import { decodeCheckpoint } from "../training/checkpoint.ts";
import { checkFor, sourceOf } from "./checked.ts";
import { Failure, type Terminal } from "./command.ts";
import { formatProblems } from "./problems.ts";

/** A kept run as exports want it: its document, checked, and the weights of its last checkpoint. @throws Failure */
export async function trainedModel(run: RunFolder, terminal: Terminal): Promise<ExportRequest> {
  const record = await run.record();
  const { name } = record;
  const bytes = await run.checkpoint();
  if (bytes === null) throw new Failure(`${name} has no checkpoint yet, so there are no weights. Train it for a few steps.`);
  const read = readDocument(await run.document());
  if (!read.ok) throw new Failure(`The document of ${name} cannot be read: ${read.problems[0]?.message ?? ""}`);
  const { document } = read;
  const checked = await checkFor(document, sourceOf(record, run.path), terminal);
  if (!checked.ok) throw new Failure(`The document of ${name} has problems.\n${formatProblems(checked.problems)}`);
  return { document, checked, weights: weightsOf(bytes, name) };
}

function weightsOf(bytes: Uint8Array, name: string): ExportRequest["weights"] {
  try {
    return new Map(Object.entries(decodeCheckpoint(bytes).weights));
  } catch (error) {
    throw new Failure(`The checkpoint of ${name} cannot be used. ${error instanceof Error ? error.message : ""}`);
  }
}
