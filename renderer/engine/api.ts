import type { AnalysisResult } from "../../src/analysis/types.ts";
import type { DescribedText } from "../../src/data/catalogue.ts";
import type { Analysis } from "../../src/document/schema.ts";
import type { Piece, WriteRequest, Written } from "../../src/generation/writer.ts";
import type { DatasetInfo, PortView, Split } from "../../src/tensor/dataset.ts";
import type { CarryOverSummary } from "../../src/training/carry-over.ts";
import type { MemoryForecast, ProbeFrame, RunEvent } from "../../src/training/types.ts";

/**
 * What the page asks of the engine's worker. Everything that crosses is plain data: texts, numbers, typed arrays;
 * the one callback (`onEvent`) and the reader of a user's files are proxies.
 */

export interface WorkloadTime {
  readonly milliseconds: number;
  /** Of a forward pass of the measured batch. */
  readonly multiplyAdds: number;
}

/** One backend as it was measured on this machine. */
export interface BackendMeasurement {
  readonly name: string;
  /** `"WASM · 2 threads"`. */
  readonly label: string;
  readonly available: boolean;
  /** Milliseconds of a training step of a small and of a large network, where it ran. */
  readonly small?: WorkloadTime;
  readonly large?: WorkloadTime;
  /** Why it is not available, or what to know about it. */
  readonly note?: string;
}

export interface BackendReport {
  /** Name of the backend in use. */
  readonly chosen: string;
  readonly label: string;
  readonly measured: readonly BackendMeasurement[];
}

/** A data set for the data panel and the checker. */
export interface DatasetEntry {
  readonly info: DatasetInfo;
  /** It comes from a person's own file. */
  readonly user: boolean;
  /** For a person's table: its facts for every column that may be predicted, by column. */
  readonly byTarget: Readonly<Record<string, DatasetInfo>>;
  /** For a person's table: the column that is predicted unless another is named. */
  readonly target?: string;
  /** For a person's text: what its facts under other settings follow from. */
  readonly text?: DescribedText;
}

/** A person's file that cannot be used as data, with why. */
export interface UnreadableFile {
  readonly name: string;
  readonly problems: readonly FileProblem[];
}

/** One port's samples: examples one after the other. */
export interface PortSamples {
  readonly port: string;
  readonly view: PortView | undefined;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
  readonly names?: readonly string[];
}

export interface DatasetSamples {
  readonly name: string;
  readonly split: Split;
  /** Examples that `ports` hold. */
  readonly count: number;
  readonly ports: readonly PortSamples[];
  /** How many examples of each class the split has; empty where examples have no one label. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
}

/** Something wrong in a person's file, with where. */
export interface FileProblem {
  readonly message: string;
  readonly line?: number;
  /** File inside a zip or folder. */
  readonly file?: string;
}

export interface TableColumn {
  readonly name: string;
  readonly kind: "number" | "category" | "ignored" | "molecule";
  readonly missing: number;
}

export interface FileTable {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** What a person sees of a file before it is kept. */
export type FilePreview =
  | FileTable
  | {
      readonly kind: "graph";
      readonly nodes: number;
      readonly edges: number;
      readonly relations: readonly string[];
      /** Edges to draw; none of a graph too large to draw. */
      readonly pairs: Int32Array;
      readonly table: FileTable;
    }
  | {
      readonly kind: "images";
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
      readonly samples: readonly { readonly path: string; readonly className: string; readonly values: Float32Array }[];
      readonly counts: readonly { readonly name: string; readonly count: number }[];
      readonly skipped: readonly FileProblem[];
    }
  | {
      readonly kind: "text";
      readonly beginning: string;
      readonly characters: number;
      readonly words: number;
      readonly alphabet: number;
    };

/** What a dropped file turned out to be. */
export type FileDescription =
  | {
      readonly ok: true;
      readonly info: DatasetInfo;
      /** The table's column to predict, as asked for or guessed. */
      readonly target?: string;
      /** Columns that may be predicted. */
      readonly targets: readonly string[];
      readonly preview: FilePreview;
    }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

export interface DroppedFile {
  /** Inside the folder that was dropped. */
  readonly path: string;
  readonly bytes: Uint8Array;
}
export type PackedImages = { readonly ok: true; readonly zip: Uint8Array } | { readonly ok: false; readonly problems: readonly FileProblem[] };

export interface RunRequest {
  /** The document as text, as it is trained and recorded. */
  readonly document: string;
  /** Continue from here: bytes of a checkpoint event. */
  readonly checkpoint?: Uint8Array;
  /** Training so far, seconds, when continuing. */
  readonly seconds?: number;
  /** Begin with another run's weights: its checkpoint's bytes, and rules by which names differ there (`"encoder=bert"`). */
  readonly from?: { readonly checkpoint: Uint8Array; readonly renamings: string };
  /** Start paused, after this many steps. Used by "Step" without a run. */
  readonly pauseAfter?: number;
}

/** What is known once a run has been prepared. */
export type RunStart =
  | {
      readonly ok: true;
      readonly seed: number;
      readonly batch: number;
      readonly steps: number;
      readonly step: number;
      readonly parameters: number;
      readonly dataHash: string;
      readonly backend: string;
      /** What it took from another run's weights. */
      readonly carried?: CarryOverSummary & { readonly step: number };
    }
  | { readonly ok: false; readonly message: string; readonly node?: string; readonly remedy?: string };

/** A document whose memory is to be predicted: all that is needed to know it, data sets unloaded. */
export interface ForecastRequest {
  readonly document: string;
  /** The person's own data sets. */
  readonly user: readonly DatasetEntry[];
  readonly measured: readonly BackendMeasurement[];
  /** Name of the backend that the person has chosen; else the fastest for the network is meant. */
  readonly preferred?: string;
}

/** What training a document would need. */
export interface Forecast extends MemoryForecast {
  /** Name of the backend that it was predicted for. */
  readonly backend: string;
  /** Examples a step. */
  readonly batch: number;
}

/**
 * What the page asks of the worker that predicts. It is none of the engine's: a prediction takes up to seconds for a large
 * network, in which a run would have to wait.
 */
export interface ForecastApi {
  /** @returns undefined if the document cannot be trained as it is: the checker says why */
  forecast(request: ForecastRequest): Promise<Forecast | undefined>;
}

export interface ExportFormat {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

export interface ExportRequest {
  readonly format: string;
  readonly document: string;
  /** Weights to export: a checkpoint's bytes; absent means freshly initialised ones. */
  readonly checkpoint?: Uint8Array;
}

export type ExportOutcome =
  | {
      readonly ok: true;
      readonly files: readonly (readonly [string, Uint8Array])[];
      /** The export was loaded again and compared: largest absolute difference of its outputs; absent if the format cannot be loaded here. */
      readonly difference?: number;
      /** On how many examples. */
      readonly examples?: number;
      /** What to know about the files, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly { readonly message: string; readonly node?: string }[] };

export interface AnalysisRequest {
  readonly document: string;
  readonly analysis: Analysis;
  /** Weights to look at: a checkpoint's bytes; absent means freshly initialised ones. */
  readonly checkpoint?: Uint8Array;
}

export type AnalysisOutcome =
  | { readonly ok: true; readonly result: AnalysisResult }
  | { readonly ok: false; readonly message: string; readonly node?: string; readonly cancelled?: boolean };
/** A text to be written by a network that says which token comes next. */
export interface WritingRequest extends WriteRequest {
  readonly document: string;
  /** Weights to write with: a checkpoint's bytes; absent means freshly initialised ones. */
  readonly checkpoint?: Uint8Array;
  /** Names document and weights: the network stays ready for the next request of the same key. */
  readonly key: string;
}

/** What is known of the network before it writes. */
export interface WriterFacts {
  /** Tokens that it sees at once. */
  readonly context: number;
  /** Whether what was computed for earlier tokens is kept; else all is computed again for each token. */
  readonly cached: boolean;
  /** Paths of the nodes that prevent it. */
  readonly obstacles: readonly string[];
  /** Seconds that computing a whole window takes. */
  readonly wholeSeconds: number;
  /** Seconds that a token takes by what is kept, if anything is. */
  readonly stepSeconds?: number;
}
export type WritingEvent =
  | { readonly kind: "ready"; readonly facts: WriterFacts }
  /** What stands from a token on. */
  | { readonly kind: "pieces"; readonly from: number; readonly pieces: readonly Piece[] };
export type WritingOutcome = ({ readonly ok: true } & Written) | { readonly ok: false; readonly message: string; readonly node?: string };

/** What the worker may ask of the page. */
export interface EngineSurroundings {
  /** Address of the page's folder, with a slash at its end: `wasm/` and `data/` are found from it. */
  readonly base: string;
}

export interface EngineApi {
  /** Must be the first call. `readUser` gives the bytes of a user's own data file. */
  initialise(surroundings: EngineSurroundings, readUser: (name: string) => Promise<Uint8Array>): Promise<void>;
  /** Answers: the worker lives. */
  ping(): Promise<void>;
  /**
   * Takes the fastest backend, or the one of that name if it is available.
   * @param known what was measured on this machine before; the backends are measured if absent
   */
  prepareBackend(preferred: string | undefined, known: readonly BackendMeasurement[] | undefined): Promise<BackendReport>;
  /** The bundled data sets and those of the person's files. */
  datasets(userFiles: readonly string[]): Promise<{ readonly entries: readonly DatasetEntry[]; readonly unreadable: readonly UnreadableFile[] }>;
  samples(name: string, target: string | undefined, split: Split, count: number): Promise<DatasetSamples>;
  describeFile(name: string, bytes: Uint8Array, target: string | undefined): Promise<FileDescription>;
  /** Packs the pictures of a dropped folder as the zip in which they are kept. */
  packImages(files: readonly DroppedFile[]): Promise<PackedImages>;
  startRun(request: RunRequest, onEvent: (event: RunEvent) => void): Promise<RunStart>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** One training step, then paused. */
  step(): Promise<void>;
  stop(): Promise<void>;
  /** Sends a checkpoint event for where the run stands now. */
  checkpoint(): Promise<void>;
  /** What goes through a node of the held run now; undefined if no run is held, or it has no such node. Asked for between two steps. */
  probe(path: string): Promise<ProbeFrame | undefined>;
  /** Frees the current run's tensors. */
  release(): Promise<void>;
  exportFormats(): Promise<readonly ExportFormat[]>;
  exportModel(request: ExportRequest): Promise<ExportOutcome>;
  /** Looks into a network, between the steps of a run if one goes on; one analysis at a time. `onProgress` is told how much is done, 0 to 1. */
  analyse(request: AnalysisRequest, onProgress: (done: number) => void): Promise<AnalysisOutcome>;
  /** Gives up the analysis that is being made. */
  cancelAnalysis(): Promise<void>;
  /** Lets a network write on from a prompt; answers when it has ended. Only while no run trains. */
  write(request: WritingRequest, onEvent: (event: WritingEvent) => void): Promise<WritingOutcome>;
  /** Ends what is being written; what stands stays. */
  stopWriting(): Promise<void>;
}
