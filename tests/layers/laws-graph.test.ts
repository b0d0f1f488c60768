import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { graphConv } from "../../src/layers/graph/graph-conv.ts";
import { rng } from "../../src/tensor/random.ts";
import { f32 } from "../../src/tensor/types.ts";
import { bind, distance, normal, out, reorder } from "./laws.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const env = { dataset: () => undefined, datasetNames: () => [] };
const runs = { seed: 11, numRuns: 40 };

/** A random undirected graph as an adjacency matrix of zeros and ones. */
function graph(seed: number, nodes: number, share: number): tf.Tensor2D {
  const draws = rng(seed, "graph");
  const rows = Array.from({ length: nodes }, () => Array<number>(nodes).fill(0));
  for (let i = 0; i < nodes; i++)
    for (let j = 0; j < i; j++)
      if (draws.uniform() < share) {
        (rows[i] as number[])[j] = 1;
        (rows[j] as number[])[i] = 1;
      }
  return tf.tensor2d(rows);
}

const cases = fc.record({
  seed: fc.nat(1e6),
  nodes: fc.integer({ min: 2, max: 7 }),
  features: fc.integer({ min: 1, max: 5 }),
  units: fc.integer({ min: 1, max: 5 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  aggregate: fc.constantFrom("sum", "mean", "kipf"),
  selfWeight: fc.boolean(),
  batch: fc.constantFrom(0, 1, 3),
});

describe("graph convolution", () => {
  it("does not know the order of the nodes: permuting them permutes the outputs (equation 13.29)", () => {
    fc.assert(
      fc.property(
        cases.chain((c) => fc.tuple(fc.constant(c), fc.shuffledSubarray([...Array(c.nodes).keys()], { minLength: c.nodes }))),
        ([c, order]) =>
          tf.tidy(() => {
            const x = c.batch === 0 ? normal(c.seed, c.nodes, c.features) : normal(c.seed, c.batch, c.nodes, c.features);
            const adjacency = graph(c.seed, c.nodes, c.share);
            const layer = bind(graphConv, c, { x, adjacency }, c.seed);
            const axis = x.rank - 2;
            const plain = out(layer.apply({ x, adjacency }), "y");
            const permuted = layer.apply({ x: reorder(x, order, axis), adjacency: reorder(reorder(adjacency, order, 0), order, 1) });
            expect(distance(out(permuted, "y"), reorder(plain, order, axis))).toBeLessThan(1e-5);
          }),
      ),
      runs,
    );
  });

  it("gives the same whether one graph serves the batch or each example brings its own copy", () => {
    fc.assert(
      fc.property(cases, (c) =>
        tf.tidy(() => {
          const batch = Math.max(c.batch, 1);
          const x = normal(c.seed, batch, c.nodes, c.features);
          const one = graph(c.seed, c.nodes, c.share);
          const each = tf.stack(Array<tf.Tensor>(batch).fill(one));
          const layer = bind(graphConv, c, { x, adjacency: one }, c.seed);
          expect(distance(out(layer.apply({ x, adjacency: one }), "y"), out(layer.apply({ x, adjacency: each }), "y"))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("lets a node hear only itself and its neighbours", () => {
    tf.tidy(() => {
      // A path 0–1–2–3: after one layer node 0 cannot know of node 2.
      const adjacency = tf.tensor2d([
        [0, 1, 0, 0],
        [1, 0, 1, 0],
        [0, 1, 0, 1],
        [0, 0, 1, 0],
      ]);
      const x = normal(1, 4, 3);
      const changed = tf.add(x, tf.tensor2d([[0], [0], [5], [0]]));
      const layer = bind(graphConv, { units: 2 }, { x, adjacency });
      const difference = tf.abs(tf.sub(out(layer.apply({ x, adjacency }), "y"), out(layer.apply({ x: changed, adjacency }), "y")));
      const rows = [...tf.max(difference, 1).dataSync()];
      expect(rows[0]).toBe(0);
      for (const row of rows.slice(1)) expect(row).toBeGreaterThan(0);
    });
  });

  it.each([
    ["sum", 1 + (1 + 3)],
    ["mean", 1 + (1 + 3) / 2],
    ["kipf", 1 + (1 + 3) / Math.sqrt(2 * 1)],
  ] as const)("combines by %s as the book does", (aggregate, expected) => {
    tf.tidy(() => {
      // Node 1 has the neighbours 0 and 2, which have no other.
      const adjacency = tf.tensor2d([
        [0, 1, 0],
        [1, 0, 1],
        [0, 1, 0],
      ]);
      const x = tf.tensor2d([[1], [1], [3]]);
      const p = graphConv.params.parse({ units: 1, aggregate, bias: false });
      const context = { training: false, step: 0, batch: 3, rng: { normal: () => x, uniform: () => x }, update: () => undefined };
      const y = out(graphConv.apply?.({ x, adjacency }, { kernel: tf.ones([1, 1]) }, p, context) ?? {}, "y");
      expect(y.dataSync()[1]).toBeCloseTo(expected, 5);
    });
  });

  it("gives a node without neighbours its own vector only, and stays finite", () => {
    for (const aggregate of ["sum", "mean", "kipf"])
      tf.tidy(() => {
        const x = normal(1, 3, 2);
        const none = tf.zeros([3, 3]);
        const layer = bind(graphConv, { units: 2, aggregate, bias: false }, { x, adjacency: none });
        const alone = out(layer.apply({ x, adjacency: none }), "y");
        expect([...alone.dataSync()].every(Number.isFinite)).toBe(true);
        const doubled = out(layer.apply({ x: tf.mul(x, 2), adjacency: none }), "y");
        expect(distance(doubled, tf.mul(alone, 2))).toBeLessThan(1e-5);
      });
  });

  it("says in words when the numbers of nodes differ", () => {
    const p = graphConv.params.parse({});
    const infer = (x: readonly (number | string)[], adjacency: readonly (number | string)[]) =>
      graphConv.infer({ x: f32(...x), adjacency: f32(...adjacency) }, p, env);
    expect(infer([5, 3], [6, 6])).toMatchObject({ port: "adjacency", received: "6 nodes" });
    expect(infer([5, 3], [5, 4])).toMatchObject({ port: "adjacency", expected: "[5, 5]", received: "[5, 4]" });
    expect(infer([5, 3], ["batch", 5, 5])).toMatchObject({ port: "adjacency", expected: "[5, 5]" });
    expect(infer(["batch", 5, 3], [5, 5])).toEqual({ y: f32("batch", 5, 16) });
  });
});
