import type { Dataset, IncomingEdges, Split, SplitGraphs } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { elementsPerExample } from "../../tensor/types.ts";
import type { GraphBatch, Sizes } from "./batch.ts";
import { clusterBatch, clusterRoom, neighbourBatch, neighbourRoom } from "./neighbours.ts";
import { createNumbering, type Numbering } from "./numbering.ts";
import { unionBatch, unionRoom } from "./union.ts";

/** Sizes of named axes, in a batch of `batch` examples: `nodes` and `edges` of graphs that batches are made of, else what the training data have. */
export function axisSizes({ info, splits }: Dataset, batch: number): Readonly<Record<string, number>> {
  const { graphs } = splits.train;
  return graphs ? { ...roomOf(graphs, batch), batch } : { ...ownSizes(info, splits.train), batch };
}

/** What the named axes of data that are one whole measure. */
export function ownSizes(info: Dataset["info"], { ports }: Dataset["splits"]["train"]): Record<string, number> {
  const sizes: Record<string, number> = {};
  if (!info.whole) return sizes;
  for (const [port, { shape }] of Object.entries(info.ports)) {
    const [first] = shape;
    if (typeof first === "string") sizes[first] = (ports[port]?.length ?? 0) / elementsPerExample(shape);
  }
  return sizes;
}

function roomOf(graphs: SplitGraphs, batch: number): Sizes {
  switch (graphs.kind) {
    case "union":
      return unionRoom(graphs, batch);
    case "neighbours":
      return neighbourRoom(graphs, batch);
    case "clusters":
      return clusterRoom(graphs, batch);
    default:
      return graphs satisfies never;
  }
}

/** Makes batches of one data set of graphs. */
export interface GraphBatches {
  /** @param draw names the random draws of a batch that samples; the same name gives the same batch */
  batch(split: Split, rows: Int32Array, draw: number): GraphBatch;
}

/** @param batch examples in a batch of usual size; rooms are computed once for each number of examples */
export function createGraphBatches(dataset: Dataset, seed: number): GraphBatches {
  const rooms = new Map<number, Sizes>();
  // Splits of one graph share it. To fill it anew for each batch would cost more than the batch, in a graph of a million nodes.
  const numberings = new Map<number, Numbering>();
  const numberingOf = ({ starts: { length } }: IncomingEdges): Numbering => {
    const numbering = numberings.get(length) ?? createNumbering(length - 1);
    numberings.set(length, numbering);
    return numbering;
  };
  return {
    batch(split, rows, draw) {
      const data = dataset.splits[split];
      const { graphs } = data;
      const { graphs: training } = dataset.splits.train;
      if (graphs === undefined || training === undefined) throw new Error(`"${dataset.info.name}" is no data set of graphs.`);
      const planned = rooms.get(rows.length) ?? roomOf(training, rows.length);
      rooms.set(rows.length, planned);
      switch (graphs.kind) {
        case "union":
          return unionBatch(dataset.info, data, graphs, rows, planned);
        case "neighbours":
          return neighbourBatch(
            { info: dataset.info, data, graph: graphs, planned, local: numberingOf(graphs) },
            rows,
            rng(seed, dataset.info.name, split, draw),
          );
        case "clusters":
          return clusterBatch({ info: dataset.info, data, graph: graphs, planned, local: numberingOf(graphs) }, rows);
        default:
          return graphs satisfies never;
      }
    },
  };
}
