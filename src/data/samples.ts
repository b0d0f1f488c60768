import type { Dataset, Split } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";
import { elementsPerExample, type TensorType } from "../tensor/types.ts";
import { gather } from "./batches.ts";
import { createGraphBatches } from "./graphs/graph-batches.ts";

/** A few examples for the data panel: plain arrays, one a port. */
export interface Samples {
  /** Which examples of the split they are. */
  readonly indices: Int32Array;
  readonly ports: Readonly<Record<string, { readonly type: TensorType; readonly values: Float32Array | Int32Array }>>;
}

/** Graphs of a sample: more cannot be told apart. */
const graphsShown = 12;

/** Draws up to `count` different examples of a split; the same seed draws the same. Of a whole graph, all of it. */
export function sampleDataset(dataset: Dataset, split: Split, count: number, seed: number): Samples {
  const data = dataset.splits[split];
  if (data.graphs && data.count > 0) {
    const indices = rng(seed, "samples", split).permutation(data.count).slice(0, Math.min(count, graphsShown));
    const batch = createGraphBatches(dataset, seed).batch(split, indices, 0);
    const ports = Object.entries(dataset.info.ports).map(
      ([port, type]) => [port, { type, values: batch.ports[port] ?? new Float32Array() }] as const,
    );
    return { indices, ports: Object.fromEntries(ports) };
  }
  const indices = dataset.info.whole
    ? Int32Array.from({ length: Math.min(1, data.count) })
    : rng(seed, "samples", split).permutation(data.count).slice(0, count);
  const ports = Object.entries(dataset.info.ports).map(([port, type]) => {
    const values = data.count === 0 ? new Float32Array() : gather(data, port, elementsPerExample(type.shape), indices);
    return [port, { type, values }] as const;
  });
  return { indices, ports: Object.fromEntries(ports) };
}

/** How many examples of a split each class has; of a whole graph, how many nodes under its mask. Empty where examples have no one label. */
export function classCounts(dataset: Dataset, split: Split): readonly { readonly name: string; readonly count: number }[] {
  const type = dataset.info.ports.label;
  const { ports } = dataset.splits[split];
  if (type?.classes === undefined || (type.shape.length > 0 && !dataset.info.whole)) return [];
  const counts = new Array<number>(type.classes).fill(0);
  ports.label?.forEach((label, i) => {
    if (!ports.mask || ports.mask[i] === 1) counts[label] = (counts[label] ?? 0) + 1;
  });
  return counts.map((count, label) => ({ name: type.names?.[label] ?? String(label), count }));
}
