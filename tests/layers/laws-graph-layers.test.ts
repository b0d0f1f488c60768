import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Layer } from "../../src/layers/contract.ts";
import { edgeScore } from "../../src/layers/graph/edge-score.ts";
import { edgeUpdate } from "../../src/layers/graph/edge-update.ts";
import { graphAttention } from "../../src/layers/graph/graph-attention.ts";
import { graphReadout } from "../../src/layers/graph/graph-readout.ts";
import { lineGraphConv } from "../../src/layers/graph/line-graph-conv.ts";
import { nodeUpdate } from "../../src/layers/graph/node-update.ts";
import { relationalGraphConv } from "../../src/layers/graph/relational-graph-conv.ts";
import { bind, distance, normal, out, reorder } from "./laws.ts";
import { edgeTensor, type Pair, randomPairs, renamed } from "./support/graphs.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const runs = { seed: 12, numRuns: 40 };
const cases = fc.record({ seed: fc.nat(1e6), nodes: fc.integer({ min: 2, max: 7 }), share: fc.double({ min: 0.2, max: 1, noNaN: true }) });
const ordered = cases.chain((c) => fc.tuple(fc.constant(c), fc.shuffledSubarray([...Array(c.nodes).keys()], { minLength: c.nodes })));

/** Edge vectors and kinds for as many edges. */
const onEdges = (seed: number, count: number) => ({
  edge: normal(seed + 9, count, 2),
  relation: tf.tensor1d(
    Array.from({ length: count }, (_, i) => (seed + i) % 3),
    "int32",
  ),
});

const nodeLayers: readonly (readonly [Layer, object])[] = [
  [graphAttention, { units: 2, heads: 2 }],
  [graphAttention, { units: 3, heads: 2, combine: "mean" }],
  [relationalGraphConv, { units: 3, relations: 3 }],
  [nodeUpdate, { units: 3 }],
  [nodeUpdate, { units: 3, aggregate: "max" }],
];

describe("layers that give a vector for each node", () => {
  it.each(nodeLayers.map(([layer, params]) => [layer.type, layer, params] as const))(
    "%s: permuting the nodes permutes the outputs",
    (_, layer, params) => {
      fc.assert(
        fc.property(ordered, ([c, order]) =>
          tf.tidy(() => {
            const x = normal(c.seed, c.nodes, 3);
            const pairs = randomPairs(c.seed, c.nodes, c.share);
            const rest = onEdges(c.seed, pairs.length);
            const inputs = { ...rest, x, edges: edgeTensor(pairs) };
            const known = Object.fromEntries(Object.entries(inputs).filter(([port]) => port in layer.inputs));
            const bound = bind(layer, { ...params }, known, c.seed);
            const permuted = bound.apply({ ...known, x: reorder(x, order, 0), edges: edgeTensor(renamed(pairs, order)) });
            expect(distance(out(permuted, "y"), reorder(out(bound.apply(known), "y"), order, 0))).toBeLessThan(1e-5);
          }),
        ),
        runs,
      );
    },
  );
});

describe("layers that give something for each edge", () => {
  it.each([
    ["edge-update", edgeUpdate, { units: 3 }],
    ["line-graph-conv", lineGraphConv, { units: 3, aggregate: "mean" }],
    ["edge-score", edgeScore, {}],
  ] as const)("%s: numbering the nodes otherwise changes nothing", (_, layer, params) => {
    fc.assert(
      fc.property(ordered, ([c, order]) =>
        tf.tidy(() => {
          const nodes = normal(c.seed, c.nodes, 3);
          const pairs = randomPairs(c.seed, c.nodes, c.share);
          if (pairs.length === 0) return;
          const inputs = (x: tf.Tensor, list: readonly Pair[]) =>
            layer === lineGraphConv
              ? { x: normal(c.seed, pairs.length, 2), edges: edgeTensor(list), nodes: x }
              : { x, [layer === edgeScore ? "pairs" : "edges"]: edgeTensor(list) };
          const bound = bind(layer, params, inputs(nodes, pairs), c.seed);
          const other = bound.apply(inputs(reorder(nodes, order, 0), renamed(pairs, order)));
          expect(distance(out(other, "y"), out(bound.apply(inputs(nodes, pairs)), "y"))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("line-graph-conv sums over the edges that share an end, as in a line graph that is written out", () => {
    fc.assert(
      fc.property(cases, (c) =>
        tf.tidy(() => {
          const undirected = randomPairs(c.seed, c.nodes, c.share).filter(([a, b]) => a < b);
          if (undirected.length === 0) return;
          const both = undirected.flatMap(([a, b]): Pair[] => [
            [a, b],
            [b, a],
          ]);
          const once = normal(c.seed, undirected.length, 2);
          const twice = tf.reshape(tf.tile(tf.expandDims(once, 1), [1, 2, 1]), [both.length, 2]);
          const p = lineGraphConv.params.parse({ units: 2, bias: false });
          const context = { training: false, step: 0, batch: 1, rng: { normal: () => once, uniform: () => once }, update: () => undefined };
          const y = out(
            lineGraphConv.apply?.({ x: twice, edges: edgeTensor(both), nodes: tf.zeros([c.nodes, 1]) }, { kernel: tf.eye(2) }, p, context) ?? {},
            "y",
          );
          const meets = undirected.map(([a, b]) => undirected.map(([d, e]) => (a === d || a === e || b === d || b === e ? 1 : 0)));
          const expected = tf.matMul(tf.tensor2d(meets), once as tf.Tensor2D);
          expect(distance(tf.gather(y, tf.range(0, both.length, 2, "int32") as tf.Tensor1D), expected)).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });
});

describe("graph readout", () => {
  it.each(["mean", "sum", "max"])("by %s gives each graph what it gives alone, whatever the order of nodes and the padding", (mode) => {
    fc.assert(
      fc.property(ordered, ([c, order]) =>
        tf.tidy(() => {
          const [one, two, padding] = [normal(c.seed, c.nodes, 2), normal(c.seed + 1, 3, 2), normal(c.seed + 2, 4, 2)];
          const ids = tf.tensor1d([...Array<number>(c.nodes).fill(0), 1, 1, 1, 2, 2, 2, 2], "int32");
          const x = tf.concat([reorder(one, order, 0), two, padding]);
          const bound = bind(graphReadout, { mode }, { x, graph: ids });
          const all = out(bound.apply({ x, graph: ids }, { batch: 2 }), "y");
          expect(all.shape).toEqual([2, 2]);
          const alone = [one, two].map((h) => out(bound.apply({ x: h, graph: tf.zeros([h.shape[0] as number], "int32") }, { batch: 1 }), "y"));
          expect(distance(all, tf.concat(alone))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });
});

it("attention's weights and the node's own add up to one", () => {
  tf.tidy(() => {
    const pairs = randomPairs(3, 6, 0.6);
    const edges = edgeTensor(pairs);
    const x = tf.mul(normal(3, 6, 3), 20);
    const { attention } = bind(graphAttention, { units: 2, heads: 2 }, { x, edges }).apply({ x, edges });
    const sums = new Float32Array(12);
    const values = attention?.dataSync() ?? new Float32Array();
    for (const [e, [, to]] of pairs.entries())
      for (const head of [0, 1]) sums[2 * to + head] = (sums[2 * to + head] as number) + (values[2 * e + head] as number);
    for (const sum of sums) {
      expect(sum).toBeGreaterThanOrEqual(0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-5);
    }
  });
});
