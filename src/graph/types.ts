import type { Edit } from "../document/edits.ts";
import type { Layer, Params, WeightSpecs } from "../layers/contract.ts";
import type { TensorType } from "../tensor/types.ts";

/** Where something stands in the document: a node of the main graph (`graph: ""`) or of a block's definition. */
export interface Place {
  /** `""` for the main graph, else the block's name. */
  readonly graph: string;
  readonly node?: string;
  readonly port?: string;
}

/** A one-click remedy: edits of the document, applied together, undone together. */
export interface Mend {
  readonly label: string;
  readonly edits: readonly Edit[];
}

export interface Problem {
  readonly severity: "error" | "warning";
  /** Stable name of the kind of problem: `"unconnected"`, `"shape"`, `"cycle"` … */
  readonly code: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly place: Place;
  /** The flat path of the instance it was found in (`"stage2/1/conv1"`), where blocks are involved. */
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly mend?: Mend;
}

/** Which output of which flat node a wire comes from. */
export interface Source {
  /** Index into `FlatGraph.nodes`. */
  readonly node: number;
  readonly port: string;
}

/** A node after blocks are expanded. */
export interface FlatNode {
  /** Unique: `"conv1"`, inside a block `"stage2/conv1"`, in a repeated one `"stage2/0/conv1"`. */
  readonly path: string;
  readonly layer: Layer;
  readonly params: Params;
  readonly outputs: readonly string[];
  /** Port → wires that arrive, in document order. */
  readonly inputs: Readonly<Record<string, readonly Source[]>>;
  /** Ports at which also wires arrive of which nothing is known, because what is wrong stands before them. */
  readonly unknown: readonly string[];
  /** Prefix of its weights' names: its path, or the shared name in place of the part that is shared. */
  readonly weightKey: string;
  readonly place: Place & { readonly node: string };
}

/** What is known of a flat node whose inputs are known. */
export interface NodeFacts {
  readonly inputs: Readonly<Record<string, TensorType | readonly TensorType[] | undefined>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly weights: WeightSpecs;
  /** Numbers in its weights; 0 where another node with the same `weightKey` has been counted before. */
  readonly parameters: number;
  readonly trainable: number;
  /** Per example. */
  readonly multiplyAdds: number;
  /** Elements of all outputs, per example. */
  readonly activations: number;
  /** Extent in input samples along each spatial axis, where it is defined. */
  readonly receptiveField?: readonly number[];
}

export interface Totals {
  readonly parameters: number;
  readonly trainable: number;
  readonly multiplyAdds: number;
  readonly activations: number;
}

export interface Checked {
  /** Flat nodes in an order in which every node comes after those it needs. Nodes in a cycle are left out. */
  readonly nodes: readonly FlatNode[];
  /** Facts by index into `nodes`; undefined where something before it is wrong. */
  readonly facts: readonly (NodeFacts | undefined)[];
  readonly byPath: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
  readonly totals: Totals;
  /** No problem of severity "error". */
  readonly ok: boolean;
  /** Facts of one graph's own nodes, for its canvas: main graph `""`, or a block seen through its first instance. */
  view(graph: string): ReadonlyMap<string, NodeView>;
}

/** A node as its canvas shows it: a layer, or a block with its instances' sums. */
export interface NodeView extends Totals {
  readonly inputs: Readonly<Record<string, readonly TensorType[]>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly receptiveField?: readonly number[];
  readonly problems: readonly Problem[];
}
