import * as tf from "@tensorflow/tfjs-core";
import type { Feed } from "../compiler/plan.ts";
import { type Batches, consecutive, createBatches, gather, type Order } from "../data/batches.ts";
import { axisSizes, createGraphBatches, type GraphBatches, ownSizes } from "../data/graphs/graph-batches.ts";
import type { Dataset, Split, SplitData } from "../tensor/dataset.ts";
import { hashText, mix } from "../tensor/random.ts";
import { concreteShape, type DType, elementsPerExample } from "../tensor/types.ts";

/** Tensors for the feeds of a plan, by key, and how many examples they hold. They belong to whoever asked for them. */
export interface Fed {
  readonly feeds: Readonly<Record<string, tf.Tensor>>;
  readonly batch: number;
  /** What means over it weigh in an evaluation, where that is not the number of examples. */
  readonly weight?: number;
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
  /** Sizes of the named axes of a data-set node's ports in a training batch; a batch of graphs that needs more room has larger ones. */
  sizes(path: string): Readonly<Record<string, number>>;
  /** The training batch of a step, counted from 0: it depends on seed and step alone. */
  training(feeds: readonly Feed[], step: number): Fed;
  /** The same, not yet put on the device. The values are lent until the next step's are asked for, and not to be written to. */
  trainingValues(feeds: readonly Feed[], step: number): readonly RawFeed[];
  /** How many batches cover a split (at most `limit` examples of it); 0 if it is empty. */
  evaluations(split: Split, limit?: number): number;
  evaluation(feeds: readonly Feed[], split: Split, index: number, limit?: number): Fed;
  /** The first examples, `count` at most, of held-out data if there is any: always the same ones. */
  sample(feeds: readonly Feed[], count: number): Fed;
}

/** How the examples of a run's steps are drawn. */
export interface Drawing {
  /** Examples a step. */
  readonly batch: number;
  /** By path of the data-set node; one object for nodes that see the same examples. Data sets that are one whole have none. */
  readonly orders: ReadonlyMap<string, Order>;
}

/**
 * Sets of the same name and size share an order, so that two nodes which name one set see the same examples in a step; different
 * sets are shuffled apart.
 * @param datasets by path of the data-set node
 */
export function drawingOf(datasets: ReadonlyMap<string, Dataset>, options: { readonly batch: number; readonly seed: number }): Drawing {
  const collections = [...datasets].filter(([, { info }]) => !info.whole);
  const batch = batchOf(
    [...datasets.values()].map(({ info, splits }) => ({ whole: info.whole === true, examples: splits.train.count })),
    options.batch,
  );
  const shared = new Map<string, Order>();
  const orders = collections.map(([path, { info, splits }]) => {
    const { count } = splits.train;
    const key = `${info.name}/${count}`;
    const order = shared.get(key) ?? { count, batch, seed: mix(options.seed, hashText(info.name)) };
    shared.set(key, order);
    return [path, order] as const;
  });
  return { batch, orders: new Map(orders) };
}

/** Examples a step: what is wanted, or all there are if those are fewer; data sets that are one whole count as one. */
export function batchOf(sets: readonly { readonly whole: boolean; readonly examples: number }[], wanted: number): number {
  const collections = sets.filter(({ whole }) => !whole);
  return collections.length === 0 && sets.length > 0 ? 1 : Math.min(wanted, ...collections.map(({ examples }) => examples));
}

/** Bytes of all examples of all sets; sets that are the same object count once. */
export function datasetBytes(datasets: ReadonlyMap<string, Dataset>): number {
  const ports = [...datasets.values()].flatMap(({ splits }) =>
    Object.values(splits).flatMap(({ ports, graphs }) => [...Object.values(ports), ...Object.values(graphs ?? {}).filter(ArrayBuffer.isView)]),
  );
  return [...new Set(ports)].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Sizes of the named axes of each data set's ports in a batch, by path of the data-set node. */
export const sizesOf =
  (datasets: ReadonlyMap<string, Dataset>) =>
  (path: string, batch: number): Readonly<Record<string, number>> => {
    const dataset = datasets.get(path);
    return dataset ? axisSizes(dataset, batch) : { batch };
  };

/** Some examples of a split: those listed, or `count` from one on. */
type Rows = Int32Array | { readonly from: number; readonly count: number };

/**
 * Cuts data sets into batches.
 * @param datasets by path of the data-set node
 * @throws Error if a training split is empty
 */
export function createFeeds(datasets: ReadonlyMap<string, Dataset>, { batch, orders }: Drawing): DataFeeds {
  const made = new Map<Order, Batches>();
  for (const order of orders.values()) if (!made.has(order)) made.set(order, createBatches(order));
  const graphs = new Map<string, GraphBatches>();
  for (const [path, dataset] of datasets) if (dataset.splits.train.graphs) graphs.set(path, createGraphBatches(dataset, orders.get(path)?.seed ?? 0));
  const drawn = (step: number) => (path: string) => {
    const order = orders.get(path);
    return order && made.get(order)?.indices(step);
  };

  /** What some examples give at every port: sizes of named axes, and the values. */
  const cut = (path: string, split: Split, rows: Rows | undefined, draw: number): Cut => {
    const dataset = datasets.get(path);
    if (dataset === undefined) throw new Error(`"${path}" has no data: training needs a data set in its place.`);
    const data = dataset.splits[split];
    const made = graphs.get(path)?.batch(split, listed(rows), draw);
    if (made) return { sizes: { ...made.sizes }, values: (port) => made.ports[port], ...(made.weight !== undefined && { weight: made.weight }) };
    return { sizes: ownSizes(dataset.info, data), values: (port, elements) => valuesOf(data, port, elements, rows) };
  };
  const collect = (feeds: readonly Feed[], split: Split, count: number, rowsOf: (path: string) => Rows | undefined, draw: number) => {
    const cuts = new Map<string, Cut>();
    const raw = feeds.map(({ key, path, port, type }): RawFeed => {
      const one = cuts.get(path) ?? cut(path, split, rowsOf(path), draw);
      cuts.set(path, one);
      const values = one.values(port, elementsPerExample(type.shape));
      if (values === undefined) throw new Error(`The data set of "${path}" has no port "${port}".`);
      return { key, values, shape: concreteShape(type.shape, { ...one.sizes, batch: count }), dtype: type.dtype };
    });
    return { raw, weight: [...cuts.values()].find(({ weight }) => weight !== undefined)?.weight };
  };

  const size = (split: Split, limit = Number.POSITIVE_INFINITY): number => {
    const counts = [...datasets.values()].map(({ info, splits }) => (info.whole && splits[split].count > 0 ? batch : splits[split].count));
    return counts.length === 0 ? batch : Math.min(limit, ...counts);
  };
  const some = (feeds: readonly Feed[], split: Split, from: number, count: number): Fed => {
    const rows = { from, count };
    const { raw, weight } = collect(feeds, split, count, (path) => (orders.has(path) ? rows : undefined), from);
    return { ...upload(raw, count), ...(weight !== undefined && { weight }) };
  };
  const trainingValues = (feeds: readonly Feed[], step: number) => collect(feeds, "train", batch, drawn(step), step).raw;
  const heldOut: Split = size("test") > 0 ? "test" : size("validation") > 0 ? "validation" : "train";

  const known = new Map<string, Readonly<Record<string, number>>>();
  return {
    batch,
    sizes(path) {
      const dataset = datasets.get(path);
      const sizes = known.get(path) ?? (dataset ? axisSizes(dataset, batch) : { batch });
      known.set(path, sizes);
      return sizes;
    },
    stepsPerEpoch: Math.max(1, ...[...made.values()].map((one) => one.stepsPerEpoch)),
    training: (feeds, step) => upload(trainingValues(feeds, step), batch),
    trainingValues,
    evaluations: (split, limit) => Math.ceil(size(split, limit) / batch),
    evaluation(feeds, split, index, limit) {
      const from = index * batch;
      const count = Math.min(batch, size(split, limit) - from);
      if (!(index >= 0 && count > 0)) throw new Error(`There is no batch ${index} in the ${split} examples.`);
      return some(feeds, split, from, count);
    },
    sample: (feeds, count) => some(feeds, heldOut, 0, orders.size === 0 ? batch : size(heldOut, count)),
  };
}

interface Cut {
  readonly sizes: Readonly<Record<string, number>>;
  readonly weight?: number;
  values(port: string, elements: number): Float32Array | Int32Array | undefined;
}

const listed = (rows: Rows | undefined): Int32Array =>
  rows instanceof Int32Array ? rows : Int32Array.from({ length: rows?.count ?? 0 }, (_, i) => (rows?.from ?? 0) + i);

/** Puts the values of feeds on the device. */
export const upload = (raw: readonly RawFeed[], batch: number): Fed => ({
  feeds: Object.fromEntries(raw.map(({ key, values, shape, dtype }) => [key, tf.tensor(values, shape, dtype)])),
  batch,
});

/** @param rows all there is of the port, if absent */
function valuesOf(data: SplitData, port: string, elements: number, rows: Rows | undefined): Float32Array | Int32Array | undefined {
  if (rows === undefined) return data.ports[port];
  return rows instanceof Int32Array ? gather(data, port, elements, rows) : consecutive(data, port, elements, rows.from, rows.count);
}
