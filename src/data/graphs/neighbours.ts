import type { Clustering, DatasetInfo, IncomingEdges, NeighbourSampling, SplitData } from "../../tensor/dataset.ts";
import type { Rng } from "../../tensor/random.ts";
import { elementsPerExample } from "../../tensor/types.ts";
import { gatherInto } from "../batches.ts";
import { enough, type GraphBatch, roundUp, type Sizes } from "./batch.ts";
import type { Numbering } from "./numbering.ts";

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

/** What a batch of a part of a graph is made from. */
export interface PartOf<Graph> {
  readonly info: DatasetInfo;
  readonly data: SplitData;
  readonly graph: Graph;
  /** Of the graph's nodes; cleared before use, so that one serves every batch. */
  readonly local: Numbering;
  readonly planned: Sizes;
}

/**
 * The seeds with neighbours drawn hop by hop, none twice of one node. Only drawn edges are in the batch; the loss counts the seeds, which
 * come first.
 */
export function neighbourBatch(part: PartOf<NeighbourSampling>, rows: Int32Array, random: Rng): GraphBatch {
  const { graph, local } = part;
  const { starts, sources, seeds, fanout } = graph;
  const { nodes, pairs } = local;
  local.clear();
  for (const row of rows) local.numberOf(seeds[row] as number);
  const seedCount = nodes.length;
  let from = 0;
  for (const limit of fanout) {
    const to = nodes.length;
    for (let target = from; target < to; target++) {
      const node = nodes.at(target);
      for (const at of drawn(degree(starts, node), limit, random)) {
        pairs.push(local.numberOf(sources[(starts[node] as number) + at] as number));
        pairs.push(target);
      }
    }
    from = to;
  }
  return subgraph(part, new Float32Array(seedCount).fill(1));
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
export function clusterBatch(part: PartOf<Clustering>, rows: Int32Array): GraphBatch {
  const { data, graph, local } = part;
  const { starts, sources, members, clusters } = graph;
  const { nodes, pairs } = local;
  local.clear();
  for (const row of rows) for (let i = clusters[row] as number; i < (clusters[row + 1] as number); i++) local.numberOf(members[i] as number);
  for (let target = 0; target < nodes.length; target++) {
    const node = nodes.at(target);
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) {
      const source = local.known(sources[at] as number);
      if (source < 0) continue;
      pairs.push(source);
      pairs.push(target);
    }
  }
  const mask = Float32Array.from(nodes.values(), (node) => data.ports.mask?.[node] ?? 1);
  return { ...subgraph(part, mask), weight: mask.reduce((sum, counted) => sum + counted, 0) };
}

/** The ports of the numbered nodes, padded: padding edges join the first padding node with itself. */
function subgraph({ info, data, local, planned }: PartOf<unknown>, mask: Float32Array): GraphBatch {
  const [rows, pairs] = [local.nodes.values(), local.pairs.values()];
  const sizes = { nodes: enough(planned.nodes, rows.length + 1), edges: enough(planned.edges, pairs.length / 2) };
  const ports: GraphBatch["ports"] = {};
  for (const [port, type] of Object.entries(info.ports)) {
    const elements = elementsPerExample(type.shape);
    const values = data.ports[port];
    if (port === "edges") {
      const out = new Int32Array(2 * sizes.edges).fill(rows.length, pairs.length);
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
