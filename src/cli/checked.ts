import { join } from "node:path";
import type { NetloomDocument } from "../document/schema.ts";
import { checkDocument } from "../graph/check.ts";
import type { Checked } from "../graph/types.ts";
import type { RunRecord } from "../host/contract.ts";
import { registry } from "../layers/registry.ts";
import type { Terminal } from "./command.ts";
import type { Loaded } from "./load.ts";
import { commandData, inferEnvOf } from "./user-data.ts";

/** Checks a document against the catalogue and the data that can be found. */
export async function checkLoaded({ document, path }: Loaded, terminal: Terminal): Promise<Checked> {
  return checkFor(document, path, terminal);
}

/** @param data where the document's data have been opened already */
export async function checkFor(
  document: NetloomDocument,
  path: string,
  terminal: Terminal,
  data = commandData(path, terminal.environment),
): Promise<Checked> {
  return checkDocument(document, registry, await inferEnvOf(document, data.files));
}

/** The file that a run's document came from: a user's data may lie beside it. */
export const sourceOf = (record: RunRecord, folder: string): string =>
  typeof record.source === "string" ? record.source : join(folder, "document.json");
