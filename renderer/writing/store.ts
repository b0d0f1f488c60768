import { create } from "zustand";
import type { Piece, WriteRequest } from "../../src/generation/writer.ts";
import type { WriterFacts, WritingOutcome } from "../engine/api.ts";

/** What is asked of the network, as the panel holds it. */
export type WritingSettings = Omit<WriteRequest, "stops"> & {
  /** The text ends once it has this in it; empty: nothing ends it. */
  readonly stop: string;
};

export interface WritingState {
  readonly settings: WritingSettings;
  readonly busy: boolean;
  /** What the text goes on from: the prompt when writing began. */
  readonly prompt: string;
  readonly pieces: readonly Piece[];
  /** Which weights wrote it, for people. */
  readonly by: string;
  readonly facts: WriterFacts | undefined;
  readonly outcome: WritingOutcome | undefined;
}

export const useWriting = create<WritingState>()(() => ({
  settings: { prompt: "", tokens: 200, temperature: 0.8, topK: 0, topP: 1, beam: 1, seed: 1, stop: "" },
  busy: false,
  prompt: "",
  pieces: [],
  by: "",
  facts: undefined,
  outcome: undefined,
}));

export const setWriting = (change: Partial<WritingSettings>): void =>
  useWriting.setState(({ settings }) => ({ settings: { ...settings, ...change } }));
