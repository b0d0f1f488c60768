import type { Dataset } from "../tensor/dataset.ts";
import { datasetSources } from "./catalogue.ts";
import type { DataReader, DatasetRequest } from "./types.ts";

/**
 * Loads a data set into memory, bundled, generated or the user's own, and sets validation examples aside.
 * @throws Error with a message for people if there is no such data set or a user's file cannot be used
 */
export async function loadDataset(request: DatasetRequest, reader: DataReader): Promise<Dataset> {
  const source = datasetSources.get(request.name);
  if (source) return source.load(request, reader);
  throw new Error(`There is no data set "${request.name}".`);
}
