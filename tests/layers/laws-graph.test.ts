import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { aggregations } from "../../src/layers/graph/aggregate.ts";
import { graphConv } from "../../src/layers/graph/graph-conv.ts";
import { f32, i32 } from "../../src/tensor/types.ts";
import { bind, distance, normal, out, reorder } from "./laws.ts";
import { denseMatrix, edgeTensor, type Pair, randomPairs, renamed } from "./support/graphs.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const env = { dataset: () => undefined, datasetNames: () => [] };
const runs = { seed: 11, numRuns: 40 };

const cases = fc.record({
  seed: fc.nat(1e6),
  nodes: fc.integer({ min: 2, max: 7 }),
  features: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 5 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  aggregate: fc.constantFrom(...aggregations),
  self: fc.constantFrom("shared", "enhanced", "separate", "concatenate"),
});
const ordered = cases.chain((c) => fc.tuple(fc.constant(c), fc.shuffledSubarray([...Array(c.nodes).keys()], { minLength: c.nodes })));

describe("graph convolution", () => {
  it("does not know the order of the nodes: permuting them permutes the outputs (equation 13.29)", () => {
    fc.assert(
      fc.property(ordered, ([c, order]) =>
        tf.tidy(() => {
          const x = normal(c.seed, c.nodes, c.features);
          const pairs = randomPairs(c.seed, c.nodes, c.share);
          const edges = edgeTensor(pairs);
          const layer = bind(graphConv, c, { x, edges }, c.seed);
          const plain = out(layer.apply({ x, edges }), "y");
          const permuted = layer.apply({ x: reorder(x, order, 0), edges: edgeTensor(renamed(pairs, order)) });
          expect(distance(out(permuted, "y"), reorder(plain, order, 0))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("does not know the order of the edges", () => {
    fc.assert(
      fc.property(cases, (c) =>
        tf.tidy(() => {
          const x = normal(c.seed, c.nodes, c.features);
          const pairs = randomPairs(c.seed, c.nodes, c.share);
          const layer = bind(graphConv, c, { x, edges: edgeTensor(pairs) }, c.seed);
          const [one, other] = [pairs, [...pairs].reverse()].map((list) => out(layer.apply({ x, edges: edgeTensor(list) }), "y"));
          expect(distance(one as tf.Tensor, other as tf.Tensor)).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it.each(["sum", "mean", "kipf"] as const)("with %s is the product with a dense matrix (equations 13.10, 13.18, 13.20)", (aggregate) => {
    fc.assert(
      fc.property(cases, (c) =>
        tf.tidy(() => {
          const x = normal(c.seed, c.nodes, c.features);
          const pairs = randomPairs(c.seed, c.nodes, c.share);
          const p = graphConv.params.parse({ units: c.units, aggregate });
          const kernel = normal(c.seed + 1, c.features, c.units);
          const bias = normal(c.seed + 2, c.units);
          const y = out(graphConv.apply?.({ x, edges: edgeTensor(pairs) }, { kernel, bias }, p, context(x)) ?? {}, "y");
          const a = denseMatrix(pairs, c.nodes);
          const degree = tf.maximum(tf.sum(a, 1, true), 1);
          const hat = { sum: a, mean: tf.div(a, degree), kipf: tf.div(a, tf.sqrt(tf.mul(degree, tf.transpose(degree)))) }[aggregate];
          const expected = tf.add(tf.matMul(tf.matMul(tf.add(hat, tf.eye(c.nodes)) as tf.Tensor2D, x as tf.Tensor2D), kernel as tf.Tensor2D), bias);
          expect(distance(y, expected)).toBeLessThan(1e-4);
        }),
      ),
      runs,
    );
  });

  it("gives a union of graphs what it gives each alone", () => {
    fc.assert(
      fc.property(cases, cases, (c, d) =>
        tf.tidy(() => {
          const [one, two] = [normal(c.seed, c.nodes, c.features), normal(d.seed + 1, d.nodes, c.features)];
          const [pairs, others] = [randomPairs(c.seed, c.nodes, c.share), randomPairs(d.seed, d.nodes, d.share)];
          const layer = bind(graphConv, c, { x: one, edges: edgeTensor(pairs) }, c.seed);
          const moved = others.map(([from, to]): Pair => [from + c.nodes, to + c.nodes]);
          const together = out(layer.apply({ x: tf.concat([one, two]), edges: edgeTensor([...pairs, ...moved]) }), "y");
          const apart = [layer.apply({ x: one, edges: edgeTensor(pairs) }), layer.apply({ x: two, edges: edgeTensor(others) })];
          expect(distance(together, tf.concat(apart.map((y) => out(y, "y"))))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("lets a node hear only itself and its neighbours", () => {
    tf.tidy(() => {
      // A path 0–1–2–3: after one layer node 0 cannot know of node 2.
      const edges = edgeTensor([
        [0, 1],
        [1, 0],
        [1, 2],
        [2, 1],
        [2, 3],
        [3, 2],
      ]);
      const x = normal(1, 4, 3);
      const changed = tf.add(x, tf.tensor2d([[0], [0], [5], [0]]));
      const layer = bind(graphConv, { units: 2 }, { x, edges });
      const difference = tf.abs(tf.sub(out(layer.apply({ x, edges }), "y"), out(layer.apply({ x: changed, edges }), "y")));
      const rows = [...tf.max(difference, 1).dataSync()];
      expect(rows[0]).toBe(0);
      for (const row of rows.slice(1)) expect(row).toBeGreaterThan(0);
    });
  });

  it.each([
    ["sum", 1 + (1 + 3)],
    ["mean", 1 + (1 + 3) / 2],
    ["kipf", 1 + (1 + 3) / Math.sqrt(2 * 1)],
    ["max", 1 + 3],
  ] as const)("combines by %s as the book does", (aggregate, expected) => {
    tf.tidy(() => {
      // Node 1 has the neighbours 0 and 2, which have no other.
      const edges = edgeTensor([
        [0, 1],
        [1, 0],
        [2, 1],
        [1, 2],
      ]);
      const x = tf.tensor2d([[1], [1], [3]]);
      const p = graphConv.params.parse({ units: 1, aggregate, bias: false });
      const y = out(graphConv.apply?.({ x, edges }, { kernel: tf.ones([1, 1]) }, p, context(x)) ?? {}, "y");
      expect(y.dataSync()[1]).toBeCloseTo(expected, 5);
    });
  });

  it.each(aggregations)("by %s gives a node without neighbours its own vector only", (aggregate) => {
    tf.tidy(() => {
      const x = normal(1, 3, 2);
      const none = edgeTensor([]);
      const layer = bind(graphConv, { units: 2, aggregate, bias: false }, { x, edges: none });
      const alone = out(layer.apply({ x, edges: none }), "y");
      expect([...alone.dataSync()].every(Number.isFinite)).toBe(true);
      const doubled = out(layer.apply({ x: tf.mul(x, 2), edges: none }), "y");
      expect(distance(doubled, tf.mul(alone, 2))).toBeLessThan(1e-5);
    });
  });

  it("says in words what edges must be", () => {
    const p = graphConv.params.parse({});
    expect(graphConv.infer({ x: f32(5, 3), edges: i32([9, 3]) }, p, env)).toMatchObject({ port: "edges", received: "[9, 3]" });
    expect(graphConv.infer({ x: f32(5, 3), edges: i32([9, 2], 6) }, p, env)).toMatchObject({ port: "edges", received: "6 nodes" });
    expect(graphConv.infer({ x: f32("nodes", 3), edges: i32(["edges", 2]) }, p, env)).toEqual({ y: f32("nodes", 16) });
  });
});

const context = (x: tf.Tensor) => ({ training: false, step: 0, batch: 1, rng: { normal: () => x, uniform: () => x }, update: () => undefined });
