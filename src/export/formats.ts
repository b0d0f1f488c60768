import type { NetloomDocument } from "../document/schema.ts";
import type { Checked } from "../graph/types.ts";
import { netloomFormat } from "./netloom.ts";
import { tfjsFormat } from "./tfjs/tfjs.ts";

/** A trained weight, by the name that the compiled program gives it (`"conv1/kernel"`). */
export interface ExportWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface ExportRequest {
  readonly document: NetloomDocument;
  /** The document's check, without errors. */
  readonly checked: Checked;
  readonly weights: ReadonlyMap<string, ExportWeight>;
}

export interface ExportedFile {
  /** Name within the export's folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ExportProblem {
  /** Path of the node that cannot be expressed. */
  readonly node?: string;
  readonly message: string;
}

export type ExportResult =
  | {
      readonly ok: true;
      readonly files: readonly ExportedFile[];
      /** What the person should know about the files, one sentence each: how to load them, what goes in and out. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly ExportProblem[] };

/** A way to take a model away. Adding one means its folder and its line in `exportFormats`. */
export interface ExportFormat {
  /** The name on the command line: `"tfjs"`. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what reads it. */
  readonly about: string;
  write(request: ExportRequest): Promise<ExportResult>;
}

/** Every format there is, in the order of the menu. */
export const exportFormats: readonly ExportFormat[] = [tfjsFormat, netloomFormat];
