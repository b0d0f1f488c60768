import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import type { DatasetInfo, DatasetOptions } from "../tensor/dataset.ts";
import type { DType, TensorType } from "../tensor/types.ts";
import type { Family } from "./families.ts";

/**
 * A layer is one file: everything Netloom knows about a type of node stands in one `defineLayer({…})`.
 * Palette, inspector, shape inference, runtime, documentation and generic tests all read it.
 */

/** A place where wires arrive. */
export interface Port {
  /** Allowed numbers of axes, the batch axis counted; anything if absent. */
  readonly rank?: number | readonly number[];
  readonly dtype?: DType;
  /** Several wires may arrive; `infer` and `apply` get a list, in the order of the document's edges. */
  readonly many?: boolean;
  /** May stay unconnected; `infer` and `apply` then get `undefined`. */
  readonly optional?: boolean;
  /** One line for the person who wires it. */
  readonly help: string;
}
export type Ports = Readonly<Record<string, Port>>;

/** A one-click remedy, in the terms of the node itself; the checker turns it into an edit of the document. */
export type LayerMend = { readonly label: string } & (
  | { readonly kind: "set"; readonly params: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "insert";
      readonly port: string;
      /** Which of the wires at a `many` port, counted from 0; all of the port's wires if absent. */
      readonly wire?: number;
      readonly type: string;
      readonly params?: Readonly<Record<string, unknown>>;
    }
);

/** Why a node cannot be. A fault in a person's graph is data, not an exception. */
export interface LayerProblem {
  readonly problem: string;
  readonly port?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly mend?: LayerMend;
}
export const problem = (text: string, more: Omit<LayerProblem, "problem"> = {}): LayerProblem => ({ problem: text, ...more });
export const isProblem = (value: object): value is LayerProblem => typeof (value as LayerProblem).problem === "string";

/** How a weight starts. Fans are computed from `fanIn`/`fanOut` where given, else from the shape (Keras's rule). */
export type Initialiser =
  | "zeros"
  | "ones"
  | "he-normal"
  | "he-uniform"
  | "glorot-normal"
  | "glorot-uniform"
  | "lecun-normal"
  | "orthogonal"
  | { readonly constant: number }
  /** Equal pieces one after the other, each filled with its number: the offsets of gates. */
  | { readonly parts: readonly number[] }
  | { readonly normal: number }
  | { readonly uniform: number };

export interface WeightSpec {
  readonly shape: readonly number[];
  readonly init: Initialiser;
  /** Multiplies the start values; 1 if absent. */
  readonly gain?: number;
  /** False for running statistics: kept and saved, never updated by an optimiser. Default true. */
  readonly trainable?: boolean;
  /** Whether weight decay applies; default true for rank ≥ 2, false for biases and scales. */
  readonly decay?: boolean;
  readonly fanIn?: number;
  readonly fanOut?: number;
}
export type WeightSpecs = Readonly<Record<string, WeightSpec>>;
/** What `weights` returns: a weight that some parameters do without is `undefined` or absent. */
type Declared = Readonly<Record<string, WeightSpec | undefined>>;
type Tensors<W extends Declared> = { readonly [K in keyof W]: undefined extends W[K] ? Tensor | undefined : Tensor };

/** What `infer` may ask of the world. */
export interface InferEnv {
  /** Static facts on a data set by name and settings; undefined if there is none of that name (or, in a user's table, no such target). */
  dataset(name: string, options?: DatasetOptions): DatasetInfo | undefined;
  /** Names of the data sets there are, for messages. */
  datasetNames(): readonly string[];
  /** Columns of a user's table that may be predicted; none for other data. */
  datasetTargets?(name: string): readonly string[];
  /** Why a file that is there cannot be used as data, in words: `line 3: …`. */
  datasetFault?(name: string): string | undefined;
}

/** Random tensors: every draw is named by (seed, node, step), so runs repeat. The caller's tidy owns the results. */
export interface TensorRng {
  normal(shape: readonly number[]): Tensor;
  uniform(shape: readonly number[]): Tensor;
}

export interface ApplyContext {
  /** True in a training step, false in evaluation and export (dropout off, running averages used). */
  readonly training: boolean;
  readonly step: number;
  /** The number of examples in this batch. */
  readonly batch: number;
  readonly rng: TensorRng;
  /** Gives a non-trainable weight its next value, applied after the step; the tensor is copied, the caller keeps its own. */
  update(weight: string, value: Tensor): void;
}

/** What `advance` knows beside what `apply` does. */
export interface AdvanceContext extends ApplyContext {
  /** Positions that came before those that arrive now. */
  readonly offset: number;
  /** What it kept of them, by name; empty at first. */
  readonly kept: Readonly<Record<string, Tensor>>;
}
/** Outputs at the positions that arrived, and what to keep for those to come: tensors with the examples along their first axis. */
export interface Advanced {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly keep: Readonly<Record<string, Tensor>>;
}

export type Role = "layer" | "source" | "loss" | "metric" | "preview" | "output";

/** The values that go through ports, by the ports' flags: lists for `many`, possibly undefined for `optional`. */
export type Through<I extends Ports, V> = {
  readonly [K in keyof I]: I[K] extends { readonly many: true } ? readonly V[] : I[K] extends { readonly optional: true } ? V | undefined : V;
};

/** Extent of the sliding window over each spatial axis; the checker chains these to receptive fields. */
export interface Window {
  /** Extent covered, dilation included: `(kernel − 1) · dilation + 1`. */
  readonly extent: number;
  readonly stride: number;
}

/** A worked case: the contract test runs every one; the documentation shows the first. */
export interface Example {
  readonly params?: Readonly<Record<string, unknown>>;
  /** One type a port (a list for `many` ports); symbolic sizes are drawn by the tests. */
  readonly inputs: Readonly<Record<string, TensorType | readonly TensorType[]>>;
  /** Where real inputs lie, for a layer that is not defined or not smooth everywhere; −1 to 1 if absent. */
  readonly range?: readonly [number, number];
}

/** How a preview draws what arrives; `renderer/previews/kinds.ts` has a drawing for each. */
export type PreviewKind = "images" | "scatter" | "density" | "curve" | "matrix" | "heatmap" | "graph" | "boxes" | "masks" | "keypoints";

/** All that arrived at one port over a whole split, examples one after the other. */
export interface Gathered {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface Explain {
  /** One line, under the title in the inspector and the palette. */
  readonly summary: string;
  /** KaTeX. */
  readonly equation?: string;
}

export interface LayerDefinition<P extends z.ZodObject, I extends Ports, O extends string, W extends Declared> {
  /** The name in documents; never changes: `"conv2d"`. */
  readonly type: string;
  readonly title: string;
  readonly family: Family;
  /** Section of *Understanding Deep Learning*: `"10.3"`. */
  readonly book?: string;
  /** Other words people search for. */
  readonly aliases?: readonly string[];
  readonly role?: Role;
  readonly params: P;
  readonly inputs: I;
  /** Names of the output ports, or how they follow from the parameters (data sets, split). */
  readonly outputs: readonly O[] | ((p: z.output<P>, env: InferEnv) => readonly string[]);
  /** Types out of types in; a problem if they cannot be. Ranks and element types of ports are checked before. */
  infer(x: Through<I, TensorType>, p: z.output<P>, env: InferEnv): Readonly<Record<O, TensorType>> | LayerProblem;
  weights?(x: Through<I, TensorType>, p: z.output<P>): W;
  /** tfjs operations, differentiable. Sources, outputs and previews have none: the compiled program feeds or reads them. */
  apply?(x: Through<I, Tensor>, w: Tensors<W>, p: z.output<P>, ctx: ApplyContext): Readonly<Record<O, Tensor>>;
  /**
   * For a layer that mixes the positions along axis 1, each with itself and those before it alone: takes the next positions and gives
   * their outputs, as `apply` would at their places in the whole. It makes generating cheap: nothing is computed twice. Undefined where
   * parameters or inputs do not allow it. Layers that treat each position by itself need none.
   */
  advance?(x: Through<I, Tensor>, w: Tensors<W>, p: z.output<P>, ctx: AdvanceContext): Advanced | undefined;
  /** Multiply–adds of a forward pass, per example (symbolic sizes count 1). */
  cost?(x: Through<I, TensorType>, y: Readonly<Record<O, TensorType>>, p: z.output<P>): number;
  /** The sliding window over each spatial axis, for receptive fields. */
  window?(p: z.output<P>, x: Through<I, TensorType>): readonly Window[];
  /**
   * For a map that can be undone: the inputs back from the outputs. Where `apply` gives `logdet`, the log-determinant of y by x for
   * each example, the inverse gives that of x by y, its negative. `known` are the inputs named in `conditions`; of a `many` port as
   * many inputs come back as `wires` says, as a list.
   */
  inverse?(
    y: Readonly<Record<O, Tensor>>,
    w: Tensors<W>,
    p: z.output<P>,
    ctx: ApplyContext,
    known: Through<I, Tensor>,
    wires: Readonly<Record<string, number>>,
  ): Readonly<Record<string, Tensor | readonly Tensor[]>>;
  /** Inputs that steer the map and are not undone by it: the inverse must be given them too. None if absent. */
  readonly conditions?: readonly (keyof I & string)[];
  /** Types of the inputs from those of the outputs (and the conditions), where they differ from the output of that place: `wires` may be asked of a `many` port. */
  inferInverse?(
    y: Readonly<Record<string, TensorType>>,
    p: z.output<P>,
    wires: Readonly<Record<string, number>>,
  ): Readonly<Record<string, TensorType | readonly TensorType[]>> | LayerProblem;
  /** The parameters that matter, short: `"15 × 3 · stride 2"`; shown on the node. */
  summary?(p: z.output<P>): string;
  /** For a source that follows the run: the number that it gives at its output when so many steps have been taken. It has no `apply`. */
  schedule?(p: z.output<P>, step: number): number;
  /** For a metric or loss: which way is better. Default: losses lower, metrics higher. */
  readonly better?: "lower" | "higher";
  /** For a metric that is a function of means (perplexity of the mean loss, overlap from a confusion matrix): from `apply`'s output, averaged over a split. */
  finish?(mean: readonly number[], p: z.output<P>): number;
  /**
   * For a mean over what an optional mask counts: the mask's port. In a mean over a split, a batch weighs as much as its mask counts;
   * without a mask as much as it has examples.
   */
  readonly weighedBy?: string;
  /**
   * For a metric that only a whole split has (area under a curve, average precision): from all that arrived, as plain numbers.
   * Such a metric has neither `apply` nor outputs.
   */
  over?(x: Through<I, Gathered>, p: z.output<P>): number;
  /** For a preview: how it draws, and how many examples of what arrives it shows at most. */
  readonly preview?: { readonly kind: PreviewKind; readonly examples: number };
  /** Names of the parameters that matter under these values of all; the inspector shows no others. All, if absent. */
  relevant?(p: z.output<P>, env: InferEnv): readonly string[];
  /** The layer that does the same for tensors of another number of axes: number → type. Offered where such a tensor arrives. */
  readonly forRank?: Readonly<Record<number, string>>;
  /** False where gradients are not defined (metrics): the contract test then skips finite differences. */
  readonly differentiable?: boolean;
  /** True where gradients in training are on purpose not those of what is computed (another draw on the way back, numbers held fixed). */
  readonly surrogate?: boolean;
  /** True where the layer finds its weights by itself, in closed form (`ctx.update`): a phase may train it without any gradient. */
  readonly fitsItself?: boolean;
  /** Names of two inputs, where `apply` takes the gradient of one by the other: all before it then runs on a gradient tape. */
  readonly differentiates?: { readonly of: string; readonly by: string };
  readonly explain: Explain;
  readonly examples: readonly Example[];
}

/** A layer with its exact types forgotten: what the registry holds and the engine calls. */
export interface Layer
  extends Omit<
    LayerDefinition<z.ZodObject, Ports, string, Declared>,
    | "infer"
    | "weights"
    | "apply"
    | "advance"
    | "cost"
    | "window"
    | "inverse"
    | "inferInverse"
    | "conditions"
    | "summary"
    | "outputs"
    | "finish"
    | "over"
    | "relevant"
    | "schedule"
  > {
  readonly role: Role;
  readonly outputs: readonly string[] | ((p: Params, env: InferEnv) => readonly string[]);
  infer(x: PortValues<TensorType>, p: Params, env: InferEnv): Readonly<Record<string, TensorType>> | LayerProblem;
  weights?(x: PortValues<TensorType>, p: Params): WeightSpecs;
  apply?(x: PortValues<Tensor>, w: Readonly<Record<string, Tensor>>, p: Params, ctx: ApplyContext): Readonly<Record<string, Tensor>>;
  advance?(x: PortValues<Tensor>, w: Readonly<Record<string, Tensor>>, p: Params, ctx: AdvanceContext): Advanced | undefined;
  cost?(x: PortValues<TensorType>, y: Readonly<Record<string, TensorType>>, p: Params): number;
  window?(p: Params, x: PortValues<TensorType>): readonly Window[];
  inverse?(
    y: Readonly<Record<string, Tensor>>,
    w: Readonly<Record<string, Tensor>>,
    p: Params,
    ctx: ApplyContext,
    known: PortValues<Tensor>,
    wires: Readonly<Record<string, number>>,
  ): Readonly<Record<string, Tensor | readonly Tensor[]>>;
  readonly conditions?: readonly string[];
  inferInverse?(
    y: Readonly<Record<string, TensorType>>,
    p: Params,
    wires: Readonly<Record<string, number>>,
  ): Readonly<Record<string, TensorType | readonly TensorType[]>> | LayerProblem;
  summary?(p: Params): string;
  schedule?(p: Params, step: number): number;
  finish?(mean: readonly number[], p: Params): number;
  over?(x: PortValues<Gathered>, p: Params): number;
  relevant?(p: Params, env: InferEnv): readonly string[];
}
export type Params = Readonly<Record<string, unknown>>;
export type PortValues<V> = Readonly<Record<string, V | readonly V[] | undefined>>;

/** Checks a definition against its own types and forgets them. The one cast of the catalogue stands here. */
export function defineLayer<P extends z.ZodObject, const I extends Ports, const O extends string = never, W extends Declared = Record<never, never>>(
  definition: LayerDefinition<P, I, O, W>,
): Layer {
  return { ...definition, role: definition.role ?? "layer" } as unknown as Layer;
}

/** The output ports of a layer for given parameters. */
export const outputPorts = (layer: Layer, p: Params, env: InferEnv): readonly string[] =>
  typeof layer.outputs === "function" ? layer.outputs(p, env) : layer.outputs;
