import * as tf from "@tensorflow/tfjs-core";
import type { Feed } from "../compiler/plan.ts";
import { type Batches, createBatches, evaluationBatches, gather } from "../data/batches.ts";
import type { Dataset, Split } from "../tensor/dataset.ts";
import { hashText, mix } from "../tensor/random.ts";
import { concreteShape, type DType, elementsPerExample } from "../tensor/types.ts";

/** Tensors for the feeds of a plan, by key, and how many examples they hold. They belong to whoever asked for them. */
export interface Fed {
  readonly feeds: Readonly<Record<string, tf.Tensor>>;
  readonly batch: number;
}

/** What will be a tensor: plain numbers with their type. */
export interface RawFeed {
  readonly key: string;
  readonly values: Float32Array | Int32Array;
  readonly shape: number[];
  readonly dtype: DType;
}

/** Where the examples of every step come from. */
export interface DataFeeds {
  /** Examples a step: what was asked for, or all there are if those are fewer. */
  readonly batch: number;
  /** Steps until every example has been seen once; of the largest set, where there are several. */
  readonly stepsPerEpoch: number;
  /** The training batch of a step, counted from 0: it depends on seed and step alone. */
  training(feeds: readonly Feed[], step: number): Fed;
  /** The same, not yet put on the device. */
  trainingValues(feeds: readonly Feed[], step: number): readonly RawFeed[];
  /** How many batches cover a split (at most `limit` examples of it); 0 if it is empty. */
  evaluations(split: Split, limit?: number): number;
  evaluation(feeds: readonly Feed[], split: Split, index: number, limit?: number): Fed;
  /** The first examples, `count` at most, of held-out data if there is any: always the same ones. */
  sample(feeds: readonly Feed[], count: number): Fed;
}

/**
 * Cuts data sets into batches. Sets of the same name and size share theirs, so that two nodes which name one set see the same
 * examples in a step; different sets are shuffled apart.
 * @param datasets by path of the data-set node
 * @throws Error if a training split is empty
 */
export function createFeeds(datasets: ReadonlyMap<string, Dataset>, options: { readonly batch: number; readonly seed: number }): DataFeeds {
  const collections = [...datasets.values()].filter((dataset) => !dataset.info.whole);
  const batch =
    collections.length === 0 && datasets.size > 0 ? 1 : Math.min(options.batch, ...collections.map((dataset) => dataset.splits.train.count));
  const shared = new Map<string, Batches>();
  const batches = new Map<string, Batches>();
  for (const [path, { info, splits }] of datasets) {
    if (info.whole) continue;
    const key = `${info.name}/${splits.train.count}`;
    const known = shared.get(key) ?? createBatches(splits.train, { batch, seed: mix(options.seed, hashText(info.name)) });
    shared.set(key, known);
    batches.set(path, known);
  }

  const collect = (feeds: readonly Feed[], split: Split, count: number, indices: (path: string) => Int32Array | undefined): RawFeed[] => {
    const chosen = new Map<string, Int32Array | undefined>();
    return feeds.map(({ key, path, port, type }) => {
      const dataset = datasets.get(path);
      if (dataset === undefined) throw new Error(`"${path}" has no data: training needs a data set in its place.`);
      if (!chosen.has(path)) chosen.set(path, indices(path));
      const rows = chosen.get(path);
      const values =
        rows === undefined ? dataset.splits[split].ports[port] : gather(dataset.splits[split], port, elementsPerExample(type.shape), rows);
      if (values === undefined) throw new Error(`The data set of "${path}" has no port "${port}".`);
      return { key, values, shape: concreteShape(type.shape, { batch: count }), dtype: type.dtype };
    });
  };
  const upload = (feeds: readonly Feed[], split: Split, count: number, indices: (path: string) => Int32Array | undefined): Fed => {
    const raw = collect(feeds, split, count, indices);
    return { feeds: Object.fromEntries(raw.map(({ key, values, shape, dtype }) => [key, tf.tensor(values, shape, dtype)])), batch: count };
  };

  const size = (split: Split, limit = Number.POSITIVE_INFINITY): number => {
    const counts = [...datasets.values()].map(({ info, splits }) => (info.whole && splits[split].count > 0 ? batch : splits[split].count));
    return counts.length === 0 ? batch : Math.min(limit, ...counts);
  };
  const rowsOf = (split: Split, limit?: number): Int32Array[] => evaluationBatches({ count: size(split, limit), ports: {} }, batch);

  const heldOut: Split = size("test") > 0 ? "test" : size("validation") > 0 ? "validation" : "train";

  return {
    batch,
    stepsPerEpoch: Math.max(1, ...[...shared.values()].map((one) => one.stepsPerEpoch)),
    training: (feeds, step) => upload(feeds, "train", batch, (path) => batches.get(path)?.indices(step)),
    trainingValues: (feeds, step) => collect(feeds, "train", batch, (path) => batches.get(path)?.indices(step)),
    evaluations: (split, limit) => rowsOf(split, limit).length,
    evaluation(feeds, split, index, limit) {
      const rows = rowsOf(split, limit)[index];
      if (rows === undefined) throw new Error(`There is no batch ${index} in the ${split} examples.`);
      return upload(feeds, split, rows.length, (path) => (batches.has(path) ? rows : undefined));
    },
    sample(feeds, count) {
      const rows = Int32Array.from({ length: collections.length === 0 ? batch : size(heldOut, count) }, (_, i) => i);
      return upload(feeds, heldOut, rows.length, (path) => (batches.has(path) ? rows : undefined));
    },
  };
}
