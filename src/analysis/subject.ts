import "../tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import { compile, type Program } from "../compiler/compile.ts";
import type { Feed, Plan, Target } from "../compiler/plan.ts";
import type { NetloomDocument } from "../document/schema.ts";
import type { Checked } from "../graph/types.ts";
import { initialise } from "../layers/initialise.ts";
import type { Dataset } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";
import { concreteShape } from "../tensor/types.ts";
import { createFeeds, type DataFeeds, drawingOf } from "../training/feeds.ts";
import { AnalysisError } from "./types.ts";

/** A network that is looked into: its program, its weights and its data. It owns the weights. */
export interface Subject {
  readonly document: NetloomDocument;
  readonly checked: Checked;
  readonly program: Program;
  /** One tensor for each variable of the program. */
  readonly weights: readonly tf.Tensor[];
  readonly seed: number;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly data: DataFeeds;
  /**
   * Tensors for the feeds of a plan: held-out examples where a data set stands, standard normal numbers where an input does.
   * The caller's tidy owns them.
   */
  examples(plan: Plan, count: number): { readonly feeds: Record<string, tf.Tensor>; readonly batch: number };
  dispose(): void;
}

export interface SubjectOptions {
  readonly document: NetloomDocument;
  readonly checked: Checked;
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** Of a trained network; drawn from the seed if absent. */
  readonly weights?: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
  readonly seed: number;
}

/** @throws AnalysisError if the weights are those of another network */
export function createSubject({ document, checked, datasets, weights: given, seed }: SubjectOptions): Subject {
  const program = compile(checked);
  const data = createFeeds(datasets, drawingOf(datasets, { batch: 256, seed }));
  // All are asked for before the first is made, so that none is left behind.
  const missing = given && program.variables.find(({ name, spec }) => given[name]?.shape.join() !== spec.shape.join());
  if (missing) throw new AnalysisError(`The run has no weights for "${missing.name}" of this network.`);
  const weights = program.variables.map(({ name, spec }) =>
    tf.keep(tf.tensor(given?.[name]?.data ?? initialise(spec, rng(seed, "weights", name)), [...spec.shape], "float32")),
  );
  return {
    document,
    checked,
    program,
    weights,
    seed,
    datasets,
    data,
    examples(plan, count) {
      const known = plan.feeds.filter(({ path }) => datasets.has(path));
      const fed = known.length > 0 ? data.sample(known, count) : { feeds: {}, batch: count };
      const drawn = plan.feeds
        .filter((feed) => !known.includes(feed))
        .map((feed) => [feed.key, drawInput(feed, concreteShape(feed.type.shape, { batch: fed.batch }), seed)] as const);
      return { feeds: { ...fed.feeds, ...Object.fromEntries(drawn) }, batch: fed.batch };
    },
    dispose: () => tf.dispose([...weights]),
  };
}

function drawInput({ key, type }: Feed, shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const stream = rng(seed, "analysis", key);
  if (type.dtype === "float32") return tf.tensor(stream.fillNormal(new Float32Array(size)), shape);
  return tf.tensor(
    Int32Array.from({ length: size }, () => stream.int(type.classes ?? 2)),
    shape,
    "int32",
  );
}

/**
 * An output port named as in a document, `"conv2.y"` (or just the node, for its first), inside blocks by path: `"stage/0/conv.y"`.
 * @throws AnalysisError if there is none
 */
export function outputNamed({ checked }: Subject, name: string): Target {
  const dot = name.lastIndexOf(".");
  const path = dot < 0 ? name : name.slice(0, dot);
  const node = checked.nodes[checked.byPath.get(path) ?? -1];
  const port = dot < 0 ? node?.outputs[0] : name.slice(dot + 1);
  if (!node || port === undefined || !node.outputs.includes(port))
    throw new AnalysisError(`There is no output "${name}" in this network to look at.`);
  return { path, port };
}

/** How many channels (the last axis) an output has. @throws AnalysisError if it has none */
export function channelsOf({ checked }: Subject, { path, port }: Target): number {
  const channels = checked.facts[checked.byPath.get(path) ?? -1]?.outputs[port]?.shape.at(-1);
  if (typeof channels === "number") return channels;
  throw new AnalysisError(`"${path}.${port}" has no channels to look at.`);
}

/** The one input of real numbers that a plan's targets depend on. @throws AnalysisError if there is none, or several */
export function onlyInput(plan: Plan): Feed {
  const real = plan.feeds.filter(({ type }) => type.dtype === "float32");
  const [only] = real;
  if (only && real.length === 1) return only;
  throw new AnalysisError(
    only
      ? `It depends on several inputs (${real.map(({ key }) => key).join(", ")}); one is needed that can be altered.`
      : "It depends on no input of real numbers that could be altered.",
  );
}
