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
  /** For a drawn graph: how many nodes it has. */
  readonly nodes?: number;
  /** For one large graph: how batches are made of it; all of it is one if absent. */
  readonly sampling?: Sampling;
  /** Where neighbours are drawn: how many of each node, and how many times on from neighbour to neighbour. */
  readonly fanout?: number;
  readonly hops?: number;
  /** Where a graph is cut into parts: how many. */
  readonly clusters?: number;
}

/** The whole graph at once, some nodes with drawn neighbours, or parts of the graph with few edges between them. */
export const samplings = ["full", "neighbours", "clusters"] as const;
export type Sampling = (typeof samplings)[number];

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

/** What a data set gives, known without loading it: enough to check a graph. Ports have no batch axis: it is added where the first axis has no name. */
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
  /** For ports whose axes have names (`nodes`, `edges`): how many of each an example has, on average. */
  readonly sizes?: Readonly<Record<string, number>>;
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
  /** For graphs: how batches are made of them. Ports then hold all nodes or edges one after the other. */
  readonly graphs?: SplitGraphs;
}

/** How batches of graphs are made: several graphs as one with several parts, or a part of one that is too large. */
export type SplitGraphs = GraphUnion | NeighbourSampling | Clustering;

/** Many graphs. Where the numbers of each begin in ports of nodes and of edges, and after the last, where they end. */
export interface GraphUnion {
  readonly kind: "union";
  readonly nodes: Int32Array;
  readonly edges: Int32Array;
  /** What a row of a port belongs to; a graph where it is not named. */
  readonly axes: Readonly<Record<string, "nodes" | "edges">>;
  /** Ports of which only the place of the one 1 in a row of zeros is kept. */
  readonly oneHot: readonly string[];
}

/** One graph by the sources of the edges that arrive at each node: those of node n are `sources[starts[n]]` to before `sources[starts[n + 1]]`. */
export interface IncomingEdges {
  readonly starts: Int32Array;
  readonly sources: Int32Array;
}

/** An example is a node, seen with so many of its neighbours, so many of theirs, and so on (UDL 13.7.1). */
export interface NeighbourSampling extends IncomingEdges {
  readonly kind: "neighbours";
  readonly seeds: Int32Array;
  /** Neighbours drawn of each node, one number a hop. */
  readonly fanout: readonly number[];
}

/** An example is a part of the graph; a batch of several has the edges between them too (UDL 13.7.1). */
export interface Clustering extends IncomingEdges {
  readonly kind: "clusters";
  /** Nodes, cluster by cluster, and where each cluster begins; its end is after the last. */
  readonly members: Int32Array;
  readonly clusters: Int32Array;
}
