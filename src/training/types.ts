import type { Gathered, PreviewKind } from "../layers/contract.ts";
import type { Split } from "../tensor/dataset.ts";

/** One line of a run's metrics file. */
export interface MetricsRow {
  readonly step: number;
  readonly epoch: number;
  /** Seconds of training so far, pauses not counted. */
  readonly seconds: number;
  readonly split: Split;
  /** Node id of a loss or metric (or `rate`, `gradientNorm` with split "train") → value. */
  readonly values: Readonly<Record<string, number>>;
}

/** What a preview node shows: plain arrays, drawn by the renderer without tfjs. */
export interface PreviewFrame {
  /** Path of the preview node. */
  readonly node: string;
  readonly step: number;
  /** A single number, whatever the node, is drawn as a curve over steps. */
  readonly kind: PreviewKind | "scalar";
  /** What arrives at each port that is wired; `x` always does. */
  readonly ports: { readonly x: Gathered } & Readonly<Record<string, Gathered>>;
}

export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  readonly memory: { readonly tensors: number; readonly bytes: number };
}

/** A failure in words for people, with the node where it began. */
export interface RunFailure {
  readonly message: string;
  readonly node?: string;
  readonly remedy?: string;
}

export type RunEvent =
  | { readonly kind: "state"; readonly state: "running" | "paused" | "finished" | "stopped" | "failed"; readonly failure?: RunFailure }
  | { readonly kind: "metrics"; readonly rows: readonly MetricsRow[] }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "previews"; readonly frames: readonly PreviewFrame[] }
  | { readonly kind: "checkpoint"; readonly step: number; readonly bytes: Uint8Array };
