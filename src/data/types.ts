import type { Dataset, DatasetInfo, DatasetOptions } from "../tensor/dataset.ts";

/** A picture as decoded: red, green, blue, alpha bytes, row by row from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `4 × width × height` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Decodes JPEG, WebP and whatever else the surroundings can; rejects if the bytes are no picture. */
export type DecodeImage = (bytes: Uint8Array) => Promise<Picture>;

/** Where the bytes of bundled and user's files come from: the disk in Node, the host or the page's own origin in the app. */
export interface DataReader {
  /** A file of `src/data/files/`, by name: `"digits.bin.gz"`. */
  bundled(name: string): Promise<Uint8Array>;
  /** A file that the user has brought, by name: `"flowers.csv"`; rejects with a message for people if it is gone. */
  user(name: string): Promise<Uint8Array>;
  /** For pictures other than PNG: the browser has a decoder, Node has none. */
  readonly decodeImage?: DecodeImage;
}

/** How a document's data-set node wants its data. */
export interface DatasetRequest {
  readonly name: string;
  readonly options?: DatasetOptions;
  /** Share of the training examples kept aside for validation, 0 to 0.5. */
  readonly validation: number;
  readonly seed: number;
}

/** A data set that Netloom has by itself. */
export interface DatasetSource {
  /** Facts with every setting at its default. */
  readonly info: DatasetInfo;
  /** Facts under settings, where it heeds any. */
  describe?(options: DatasetOptions): DatasetInfo;
  load(request: DatasetRequest, reader: DataReader): Promise<Dataset>;
}

/** What is wrong with a user's file, for people. */
export interface DataProblem {
  readonly message: string;
  /** Line of a text file, counted from 1. */
  readonly line?: number;
  /** File inside a zip or folder. */
  readonly file?: string;
}

/** A value, or why there is none. */
export type Outcome<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problems: readonly DataProblem[] };

/** The outcome of something that cannot be read, for one reason. */
export const refuse = (
  message: string,
  where: Omit<DataProblem, "message"> = {},
): { readonly ok: false; readonly problems: readonly DataProblem[] } => ({
  ok: false,
  problems: [{ message, ...where }],
});
