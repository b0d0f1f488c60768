import type { Dataset, DatasetInfo } from "../tensor/dataset.ts";

/** Where the bytes of bundled and user's files come from: the disk in Node, the host or the page's own origin in the app. */
export interface DataReader {
  /** A file of `src/data/files/`, by name: `"digits.bin.gz"`. */
  bundled(name: string): Promise<Uint8Array>;
  /** A file that the user has brought, by name: `"flowers.csv"`; rejects with a message for people if it is gone. */
  user(name: string): Promise<Uint8Array>;
}

/** How a document's data-set node wants its data. */
export interface DatasetRequest {
  readonly name: string;
  /** For a user's table: the column to predict; guessed if absent or empty. */
  readonly target?: string;
  /** Share of the training examples kept aside for validation, 0 to 0.5. */
  readonly validation: number;
  readonly seed: number;
}

/** A data set that Netloom has by itself. */
export interface DatasetSource {
  readonly info: DatasetInfo;
  load(request: DatasetRequest, reader: DataReader): Promise<Dataset>;
}
