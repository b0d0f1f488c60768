import type { Dataset } from "../tensor/dataset.ts";
import { datasetSources } from "./catalogue.ts";
import type { DataReader, DatasetRequest } from "./types.ts";
import { loadUserData } from "./user.ts";

/**
 * Loads a data set into memory, Netloom's own or the user's, and sets validation examples aside.
 * @throws Error with a message for people if there is no such data set or the user's file cannot be used
 */
export async function loadDataset(request: DatasetRequest, reader: DataReader): Promise<Dataset> {
  const source = datasetSources.get(request.name);
  return source ? source.load(request, reader) : loadUserData(request, reader);
}
