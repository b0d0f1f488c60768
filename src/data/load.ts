import type { Dataset } from "../tensor/dataset.ts";
import { datasetSources } from "./catalogue.ts";
import type { DataReader, DatasetRequest } from "./types.ts";
import { problemError } from "./user.ts";
import { createUserFiles, type UserFiles } from "./user-files.ts";

/**
 * Loads a data set into memory, Netloom's own or the user's, and sets validation examples aside.
 * @param files the user's, where they are kept from one loading to the next
 * @throws Error with a message for people if there is no such data set or the user's file cannot be used
 */
export async function loadDataset(request: DatasetRequest, reader: DataReader, files: UserFiles = createUserFiles(reader)): Promise<Dataset> {
  const source = datasetSources.get(request.name);
  if (source) return source.load(request, reader);
  const read = await files.open(request.name);
  if (!read.ok) throw problemError(request.name, read.problems);
  return read.content.load(request);
}
