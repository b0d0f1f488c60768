import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawCommunities } from "../../src/data/graphs/communities.ts";
import { bothWays, distinct } from "../../src/data/graphs/edges.ts";
import { createGraphBatches } from "../../src/data/graphs/graph-batches.ts";
import { createNumbering } from "../../src/data/graphs/numbering.ts";
import { partition } from "../../src/data/graphs/partition.ts";
import { loadDataset } from "../../src/data/load.ts";
import { testReader } from "./reader.ts";

type Pair = readonly [number, number];

const pairsBelow = (nodes: number) => fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 60 });
const pairsOf = (flat: Int32Array): Pair[] => Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as number, flat[2 * i + 1] as number]);
const unique = (pairs: readonly Pair[]): Pair[] => [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];

describe("pairs of nodes", () => {
  it("stand both ways, once, by target and then by source, without loops", () => {
    fc.assert(
      fc.property(pairsBelow(12), (pairs) => {
        const expected = unique(
          pairs.flatMap(([a, b]): Pair[] =>
            a === b
              ? []
              : [
                  [a, b],
                  [b, a],
                ],
          ),
        );
        expected.sort(([a, b], [c, d]) => b - d || a - c);
        expect(pairsOf(bothWays(Int32Array.from(pairs.flat())))).toEqual(expected);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("are told apart and sorted by the first and then by the second, without a change of what was given", () => {
    fc.assert(
      fc.property(pairsBelow(9), (pairs) => {
        const given = Int32Array.from(pairs.flat());
        expect(pairsOf(distinct(given, 9))).toEqual(unique(pairs).sort(([a, b], [c, d]) => a - c || b - d));
        expect([...given]).toEqual(pairs.flat());
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("numbers of the nodes of a part", () => {
  it("begin anew after clearing, for any nodes asked for before", () => {
    const nodes = fc.array(fc.nat(49), { maxLength: 100 });
    const local = createNumbering(50);
    fc.assert(
      fc.property(nodes, (asked) => {
        local.clear();
        for (let node = 0; node < 50; node++) expect(local.known(node)).toBe(-1);
        const order = [...new Set(asked)];
        expect(asked.map((node) => local.numberOf(node))).toEqual(asked.map((node) => order.indexOf(node)));
        expect([...local.nodes.values()]).toEqual(order);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it("hold more nodes and pairs than there was room for", () => {
    const local = createNumbering(5000);
    for (let node = 0; node < 5000; node++) {
      local.numberOf(4999 - node);
      local.pairs.push(node);
    }
    expect(local.known(0)).toBe(4999);
    expect(local.pairs.values()).toEqual(Int32Array.from({ length: 5000 }, (_, i) => i));
  });
});

describe("a graph cut into parts", () => {
  it("has every node in one part, none much larger than the others, and most edges within parts", () => {
    const graph = drawCommunities({ nodes: 2000, edges: 20_000, classes: 6, features: 6 }, 2);
    const { members, clusters } = partition(graph, 5);
    expect([...members].sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    for (let part = 0; part < 5; part++) expect((clusters[part + 1] as number) - (clusters[part] as number)).toBeLessThanOrEqual(420);
    const home = new Int32Array(2000);
    for (let part = 0; part < 5; part++) for (const node of members.subarray(clusters[part], clusters[part + 1])) home[node] = part;
    let inside = 0;
    for (let node = 0; node < 2000; node++)
      for (const source of graph.sources.subarray(graph.starts[node], graph.starts[node + 1])) if (home[source] === home[node]) inside++;
    // By chance a fifth would be.
    expect(inside / graph.sources.length).toBeGreaterThan(0.5);
  });
});

describe("a batch of a large graph", () => {
  it.each(["neighbours", "clusters"] as const)("of %s is the same whatever batches were made before", async (sampling) => {
    const options = { nodes: 300, sampling, clusters: 6, fanout: 3, hops: 2 };
    const dataset = await loadDataset({ name: "communities", options, validation: 0, seed: 1 }, testReader());
    const used = createGraphBatches(dataset, 1);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5), { minLength: 1 }), fc.constantFrom("train", "test"), fc.nat(9), (rows, split, draw) => {
        const asked = [split, Int32Array.from(rows), draw] as const;
        const batch = used.batch(...asked);
        const kept = structuredClone(batch);
        expect(batch).toEqual(createGraphBatches(dataset, 1).batch(...asked));
        used.batch("train", Int32Array.of(0, 1), 0);
        // It shares no memory with what is used again.
        expect(batch).toEqual(kept);
      }),
      { seed: 6, numRuns: 15 },
    );
  });
});
