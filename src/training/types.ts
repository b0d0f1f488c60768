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

/** How numbers are spread. */
export interface Histogram {
  /** Smallest and largest finite one: where the first bin begins and the last ends. */
  readonly low: number;
  readonly high: number;
  /** In equal bins, of those that are not exactly 0. */
  readonly counts: readonly number[];
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  /** Share that is exactly 0, of the finite ones; share that is finite. */
  readonly zeros: number;
  readonly finite: number;
}

/** What a probe saw of a node's output while a run trains. */
export interface ProbeFrame {
  readonly node: string;
  readonly port: string;
  /** Steps taken before. */
  readonly step: number;
  /** Of the batch. */
  readonly examples: number;
  readonly activations: Histogram;
  /** Of what is minimised by the output; absent if it does not depend on it. */
  readonly gradient?: Histogram;
}

/** What a run holds between two steps. */
export interface HeldMemory {
  readonly tensors: number;
  /** With the stretch in which the step's program computes, where `whole`; else of the tensors alone. */
  readonly bytes: number;
  readonly whole: boolean;
}

/** Memory that a run will need, in bytes, known before anything is allocated. */
export interface MemoryPrediction {
  readonly weights: number;
  /** What optimisers remember of each weight. */
  readonly slots: number;
  /** Earlier states of both, kept to explain a failure. */
  readonly copies: number;
  /** Activations and gradients of a step; undefined if it was not looked at, because the rest is too much already. */
  readonly step: number | undefined;
  readonly total: number;
  /** Nodes that need most of it, the largest first. */
  readonly nodes: readonly { readonly path: string; readonly bytes: number }[];
}

/** Why a run cannot be, in words. */
export interface MemoryRefusal {
  readonly message: string;
  /** The node that needs most. */
  readonly node?: string;
  readonly remedy: string;
}

/** What a run will need, and whether it can be. */
export interface MemoryForecast {
  readonly predicted: MemoryPrediction;
  /** What it would need in all if activations were recomputed, where that is worth something. */
  readonly recomputed?: number;
  /** It cannot fit. */
  readonly refusal?: MemoryRefusal;
}

export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  readonly memory: HeldMemory;
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
  /** Something went wrong that does not end the run. */
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "checkpoint"; readonly step: number; readonly bytes: Uint8Array };
