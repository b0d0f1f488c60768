import type { Clustering, DatasetInfo, IncomingEdges, NeighbourSampling, SplitData } from "../../tensor/dataset.ts";
import type { Rng } from "../../tensor/random.ts";
import { elementsPerExample } from "../../tensor/types.ts";
import { gatherInto } from "../batches.ts";
import { enough, type GraphBatch, roundUp, type Sizes } from "./batch.ts";

/** Room above what a batch needs on average. */
const slack = 1.15;

/** Nodes and edges that there is room for in a batch of so many seeds; a batch that needs more gets more. */
export function neighbourRoom({ starts, fanout }: NeighbourSampling, batch: number): Sizes {
  const all = starts.length - 1;
  let [frontier, nodes, edges] = [batch, batch, 0];
  for (const limit of fanout) {
    let drawn = 0;
    for (let node = 0; node < all; node++) drawn += Math.min(limit, degree(starts, node));
    frontier *= drawn / Math.max(1, all);
    nodes += frontier;
    edges += frontier;
  }
  return { nodes: roundUp(Math.min(all, slack * nodes) + 1), edges: roundUp(slack * edges) };
}

/**
 * The seeds with neighbours drawn hop by hop, none twice of one node. Only drawn edges are in the batch; the loss counts the seeds, which
 * come first.
 */
export function neighbourBatch(
  info: DatasetInfo,
  data: SplitData,
  graph: NeighbourSampling,
  rows: Int32Array,
  planned: Sizes,
  random: Rng,
): GraphBatch {
  const { starts, sources, seeds, fanout } = graph;
  const local = createNumbering(starts.length - 1);
  const pairs: number[] = [];
  for (const row of rows) local.numberOf(seeds[row] as number);
  const seedCount = local.nodes.length;
  let from = 0;
  for (const limit of fanout) {
    const to = local.nodes.length;
    for (let target = from; target < to; target++) {
      const node = local.nodes[target] as number;
      for (const at of drawn(degree(starts, node), limit, random))
        pairs.push(local.numberOf(sources[(starts[node] as number) + at] as number), target);
    }
    from = to;
  }
  const mask = new Float32Array(seedCount).fill(1);
  return subgraph(info, data, local.nodes, pairs, mask, planned);
}

/** `limit` different numbers below `count`, or all of them (Floyd's draw). */
function drawn(count: number, limit: number, random: Rng): readonly number[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i);
  const chosen: number[] = [];
  for (let top = count - limit; top < count; top++) {
    const one = random.int(top + 1);
    chosen.push(chosen.includes(one) ? top : one);
  }
  return chosen;
}

/** Nodes and edges that there is room for in a batch of so many clusters: of edges between them, what there is on average. */
export function clusterRoom({ members, clusters, starts, sources }: Clustering, batch: number): Sizes {
  const count = clusters.length - 1;
  const home = new Int32Array(members.length);
  let largest = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    const [from, to] = [clusters[cluster] as number, clusters[cluster + 1] as number];
    largest = Math.max(largest, to - from);
    for (let i = from; i < to; i++) home[members[i] as number] = cluster;
  }
  let inside = 0;
  for (let node = 0; node < home.length; node++)
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) if (home[sources[at] as number] === home[node]) inside++;
  const others = count > 1 ? (batch - 1) / (count - 1) : 0;
  const edges = (batch / count) * (inside + (sources.length - inside) * others);
  return { nodes: roundUp(Math.min(members.length, batch * largest) + 1), edges: roundUp(slack * edges) };
}

/** The given clusters and all edges among their nodes. */
export function clusterBatch(info: DatasetInfo, data: SplitData, graph: Clustering, rows: Int32Array, planned: Sizes): GraphBatch {
  const { starts, sources, members, clusters } = graph;
  const local = createNumbering(starts.length - 1);
  for (const row of rows) for (let i = clusters[row] as number; i < (clusters[row + 1] as number); i++) local.numberOf(members[i] as number);
  const pairs: number[] = [];
  for (const [target, node] of local.nodes.entries()) {
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) {
      const source = local.known(sources[at] as number);
      if (source !== undefined) pairs.push(source, target);
    }
  }
  const mask = Float32Array.from(local.nodes, (node) => data.ports.mask?.[node] ?? 1);
  return { ...subgraph(info, data, local.nodes, pairs, mask, planned), weight: mask.reduce((sum, counted) => sum + counted, 0) };
}

/** The ports of some nodes, padded: padding edges join the first padding node with itself. */
function subgraph(
  info: DatasetInfo,
  data: SplitData,
  nodes: readonly number[],
  pairs: readonly number[],
  mask: Float32Array,
  planned: Sizes,
): GraphBatch {
  const sizes = { nodes: enough(planned.nodes, nodes.length + 1), edges: enough(planned.edges, pairs.length / 2) };
  const rows = Int32Array.from(nodes);
  const ports: GraphBatch["ports"] = {};
  for (const [port, type] of Object.entries(info.ports)) {
    const elements = elementsPerExample(type.shape);
    const values = data.ports[port];
    if (port === "edges") {
      const out = new Int32Array(2 * sizes.edges).fill(nodes.length, pairs.length);
      out.set(pairs);
      ports[port] = out;
    } else if (port === "mask") {
      const out = new Float32Array(sizes.nodes);
      out.set(mask);
      ports[port] = out;
    } else if (values) {
      const size = sizes.nodes * elements;
      ports[port] = gatherInto(values instanceof Float32Array ? new Float32Array(size) : new Int32Array(size), values, elements, rows);
    }
  }
  return { sizes, ports };
}

const degree = (starts: IncomingEdges["starts"], node: number): number => (starts[node + 1] as number) - (starts[node] as number);

/** Numbers for the nodes of a part of a graph, in the order in which they are asked for. */
interface Numbering {
  readonly nodes: number[];
  numberOf(node: number): number;
  known(node: number): number | undefined;
}

function createNumbering(count: number): Numbering {
  const nodes: number[] = [];
  // Of a graph that is small beside its part, an array is faster than a map.
  const numbers = count < 4_000_000 ? new Int32Array(count).fill(-1) : undefined;
  const map = new Map<number, number>();
  const known = (node: number) => {
    if (numbers === undefined) return map.get(node);
    const number = numbers[node] as number;
    return number < 0 ? undefined : number;
  };
  return {
    nodes,
    known,
    numberOf(node) {
      const number = known(node);
      if (number !== undefined) return number;
      const next = nodes.push(node) - 1;
      if (numbers) numbers[node] = next;
      else map.set(node, next);
      return next;
    },
  };
}
