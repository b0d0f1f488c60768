import type { TensorType } from "./types.ts";

/** Which part of a data set an example belongs to. */
export type Split = "train" | "validation" | "test";

/** How a port's numbers are best shown in the data panel and in previews. */
export type PortView = "signal" | "image" | "points" | "table" | "text" | "label" | "graph";

/**
 * Settings of a data-set node that only some data sets heed: `DatasetInfo.uses` names them. Absent ones take the data set's own default.
 */
export interface DatasetOptions {
  /** For a user's table: the column to predict; guessed if absent or empty. */
  readonly target?: string;
  /** For a text: tokens of an example. */
  readonly length?: number;
  /** For a text: what a token is; a character if absent. */
  readonly tokens?: TokenKind;
  /** For a text in byte pairs: how many different tokens there are. */
  readonly vocabulary?: number;
}

/** What a text is cut into: characters of its own alphabet, bytes of UTF-8, or bytes of which frequent pairs are merged. */
export const tokenKinds = ["characters", "bytes", "pairs"] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** How a text was turned into tokens: all that a tokenizer needs, as plain data. */
export type TextCoding = {
  /** Names of tokens that no text gives by itself, after all others. */
  readonly specials?: readonly string[];
} & (
  | { readonly kind: "characters"; readonly characters: readonly string[] }
  | { readonly kind: "bytes" }
  /** The two tokens of each merge, one merge after the other; `size` may be more than they make. */
  | { readonly kind: "pairs"; readonly merges: Int32Array; readonly size: number }
);

/** What a data set gives, known without loading it: enough to check a graph. Ports have no batch axis: it is added. */
export interface DatasetInfo {
  /** The name that documents use: `"mnist1d"`. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences: what it is, where it comes from, its licence. */
  readonly about: string;
  /** Port name → type of ONE example, without batch axis (`f32(40, 1)`), or of the whole when `whole` is set. */
  readonly ports: Readonly<Record<string, TensorType & { readonly view?: PortView; readonly names?: readonly string[] }>>;
  /** Examples in each split. */
  readonly counts: Readonly<Record<Split, number>>;
  /** The settings that it heeds; none if absent. */
  readonly uses?: readonly (keyof DatasetOptions)[];
  /** True for data that is one object, not a collection: a graph. Ports then come without batch axis; masks pick the split. */
  readonly whole?: boolean;
}

/** A data set in memory: one typed array a port, examples one after the other. */
export interface Dataset {
  readonly info: DatasetInfo;
  readonly splits: Readonly<Record<Split, SplitData>>;
  /** SHA-256 of the content, hex: runs record what they were trained on. */
  readonly hash: string;
  /** For a text: how it was turned into tokens. */
  readonly coding?: TextCoding;
}

export interface SplitData {
  readonly count: number;
  /** Port name → values, `count × elements` of them (for `whole` data: the whole array, count is 1). */
  readonly ports: Readonly<Record<string, Float32Array | Int32Array>>;
}
