import type { DatasetInfo, DatasetOptions, IncomingEdges, SplitData, SplitGraphs } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { drawCommunities, edgeList } from "../graphs/communities.ts";
import { partition } from "../graphs/partition.ts";
import { datasetSource } from "../source.ts";

const classes = 6;
const features = 16;
/** Neighbours of a node, on average. */
const neighbours = 10;
/** Shares of nodes whose class is told in training, and that are the test; of the test, at most so many nodes. */
const labelled = 0.02;
const tested = { share: 0.3, most: 10_000 } as const;

const defaults = { nodes: 3000, fanout: 10, hops: 2 } as const;

const factsOf = (options: DatasetOptions) => {
  const { nodes = defaults.nodes, sampling = "full", fanout = defaults.fanout, hops = defaults.hops } = options;
  const { clusters = Math.max(2, Math.round(nodes / 1000)) } = options;
  return { nodes, sampling, fanout, hops, clusters, edges: nodes * neighbours, train: Math.round(nodes * labelled) };
};
const testCount = (nodes: number) => Math.min(tested.most, Math.round(nodes * tested.share));

function describe(options: DatasetOptions): DatasetInfo {
  const { nodes, sampling, fanout, hops, clusters, edges, train } = factsOf(options);
  const full = sampling === "full";
  const axis = full ? nodes : "nodes";
  const of = sampling === "clusters" ? { train: clusters, validation: 0, test: clusters } : { train, validation: 0, test: testCount(nodes) };
  const seen = Array.from({ length: hops }, (_, hop) => Math.min(fanout, neighbours) ** (hop + 1)).reduce((sum, drawn) => sum + drawn, 0);
  const sizes = sampling === "clusters" ? { nodes: nodes / clusters, edges: (0.7 * edges) / clusters } : { nodes: 1 + seen, edges: seen };
  return {
    name: "communities",
    title: "Communities",
    about:
      "A drawn graph whose nodes fall into communities of six classes, with ten neighbours each and a faint hint at their class. One node in fifty is labelled in training.",
    ports: {
      x: { ...f32(axis, features), view: "graph" },
      edges: { ...(full ? i32([edges, 2], nodes) : i32(["edges", 2])), view: "graph" },
      label: { ...i32([axis], classes), view: "label", names: Array.from({ length: classes }, (_, i) => `class ${i + 1}`) },
      mask: f32(axis),
    },
    counts: full ? { train: 1, validation: 0, test: 1 } : of,
    uses: [
      "nodes",
      "sampling",
      ...(sampling === "neighbours" ? (["fanout", "hops"] as const) : sampling === "clusters" ? (["clusters"] as const) : []),
    ],
    ...(full ? { whole: true } : { sizes }),
  };
}

/** A stochastic block model, as one whole or as parts of it. */
export const communities = datasetSource(
  describe({}),
  (_reader, options) => {
    const { nodes, edges, train, sampling, fanout, hops, clusters } = factsOf(options);
    const { x, label, ...graph } = drawCommunities({ nodes, edges, classes, features }, 1);
    const order = rng(1, "communities", "split").permutation(nodes);
    const [seeds, others] = [order.slice(0, train), order.slice(train, train + testCount(nodes))];
    const parts = sampling === "clusters" ? partition(graph, clusters) : undefined;
    const split = (chosen: Int32Array, pairs: Int32Array | undefined): SplitData => {
      const mask = new Float32Array(nodes);
      for (const node of chosen) mask[node] = 1;
      if (pairs) return { count: 1, ports: { x, edges: pairs, label, mask } };
      if (parts) return { count: clusters, ports: { x, label, mask }, graphs: { kind: "clusters", ...graph, ...parts } };
      return { count: chosen.length, ports: { x, label }, graphs: sampled(graph, chosen, fanout, hops) };
    };
    const pairs = sampling === "full" ? edgeList(graph) : undefined;
    return { train: split(seeds, pairs), test: split(others, pairs) };
  },
  "none",
  describe,
);

const sampled = (graph: IncomingEdges, seeds: Int32Array, fanout: number, hops: number): SplitGraphs => ({
  kind: "neighbours",
  ...graph,
  seeds,
  fanout: Array<number>(hops).fill(fanout),
});
