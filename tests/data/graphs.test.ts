import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGraphBatches } from "../../src/data/graphs/graph-batches.ts";
import { bondKinds, elements, parseSmiles } from "../../src/data/graphs/smiles.ts";
import { loadDataset } from "../../src/data/load.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { testReader } from "./reader.ts";

const load = (name: string, options = {}): Promise<Dataset> => loadDataset({ name, options, validation: 0, seed: 1 }, testReader());
const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

describe("SMILES", () => {
  it.each([
    ["C", 1, 0],
    ["CCO", 3, 2],
    ["C=C", 2, 1],
    ["c1ccccc1", 6, 6],
    ["CC(C)(C)O", 5, 4],
    ["C1CC1C2CC2", 6, 7],
    ["[Na+].[Cl-]", 2, 0],
    ["[13CH3][C@@H](N)C(=O)O", 6, 5],
    ["C%12CC%12", 3, 3],
    ["F/C=C/Br", 4, 3],
  ])("%s has %i atoms and %i bonds", (text, atoms, bonds) => {
    const molecule = parseSmiles(text);
    if ("fault" in molecule) throw new Error(molecule.fault);
    expect([molecule.atoms.length, molecule.bonds.length]).toEqual([atoms, bonds]);
  });

  it.each(["", "C(", "C)", "C1CC", "1C", "X", "C$$é", "C11", "[Qq]"])('says what is wrong with "%s"', (text) => {
    expect(parseSmiles(text)).toHaveProperty("fault");
  });

  it("reads any text without failing, and joins atoms that are there", () => {
    const pieces = fc.constantFrom("C", "c", "N", "O", "(", ")", "1", "2", "=", "#", "[nH]", "[Fe+2]", ".", "%10", "Cl", "/", "é");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const molecule = parseSmiles(parts.join(""));
        if ("fault" in molecule) return;
        for (const [a, b, kind] of molecule.bonds) {
          expect(Math.max(a, b)).toBeLessThan(molecule.atoms.length);
          expect(a).not.toBe(b);
          expect(bondKinds[kind]).toBeDefined();
        }
        for (const atom of molecule.atoms) expect(elements[atom - 1]).toBeDefined();
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe("a batch of graphs", () => {
  it("is a union whose parts are the graphs, with padding that joins nothing to them", async () => {
    const dataset = await load("molecules");
    const rows = Int32Array.of(7, 0, 3999);
    const { ports, sizes } = createGraphBatches(dataset, 1).batch("train", rows, 0);
    const graph = ports.graph ?? new Int32Array();
    expect(graph).toHaveLength(sizes.nodes);
    expect(new Set(graph)).toEqual(new Set([0, 1, 2, 3]));
    const edges = ports.edges ?? new Int32Array();
    expect(edges).toHaveLength(2 * sizes.edges);
    for (let i = 0; i < edges.length; i += 2) expect(graph[edges[i] as number]).toBe(graph[edges[i + 1] as number]);
    const alone = Array.from(rows, (row) => createGraphBatches(dataset, 1).batch("train", Int32Array.of(row), 0).ports);
    for (const [i, one] of alone.entries()) {
      const own = (one.graph ?? []).filter((number) => number === 0).length;
      expect(graph.filter((number) => number === i)).toHaveLength(own);
      const first = graph.indexOf(i);
      expect(ports.x?.subarray(first * 118, (first + own) * 118)).toEqual(one.x?.subarray(0, own * 118));
      expect(ports.target?.[i]).toBe(one.target?.[0]);
    }
  });

  it("has the planned size nearly always, and a larger one where it needs more", async () => {
    const dataset = await load("molecules");
    const batches = createGraphBatches(dataset, 1);
    const sizes = Array.from(
      { length: 100 },
      (_, step) =>
        batches.batch(
          "train",
          Int32Array.from({ length: 32 }, (_, i) => step * 32 + i),
          0,
        ).sizes,
    );
    expect(new Set(sizes.map(({ nodes, edges }) => `${nodes} ${edges}`)).size).toBeLessThanOrEqual(2);
    const starts = dataset.splits.train.graphs?.kind === "union" ? dataset.splits.train.graphs.nodes : new Int32Array();
    const largest = [...all(4000)].sort((a, b) => size(b) - size(a)).slice(0, 32);
    const room = batches.batch("train", Int32Array.from(largest), 0).sizes.nodes;
    expect(room).toBeGreaterThan(largest.reduce((sum, graph) => sum + size(graph), 0));
    function size(graph: number): number {
      return (starts[graph + 1] as number) - (starts[graph] as number);
    }
  });
});

describe("a large graph in parts", () => {
  it("gives seeds with drawn neighbours: the same for the same step, all edges real ones, the loss on the seeds", async () => {
    const [whole, parts] = await Promise.all([load("communities"), load("communities", { sampling: "neighbours", fanout: 3, hops: 2 })]);
    const known = new Set<string>();
    const list = whole.splits.train.ports.edges ?? new Int32Array();
    const x = (ports: Readonly<Record<string, Float32Array | Int32Array>>, node: number) => ports.x?.subarray(node * 16, (node + 1) * 16).join();
    for (let i = 0; i < list.length; i += 2)
      known.add(`${x(whole.splits.train.ports, list[i] as number)} ${x(whole.splits.train.ports, list[i + 1] as number)}`);
    const batch = createGraphBatches(parts, 1).batch("train", Int32Array.of(0, 5, 9), 4);
    expect(createGraphBatches(parts, 1).batch("train", Int32Array.of(0, 5, 9), 4)).toEqual(batch);
    expect([...(batch.ports.mask ?? [])].filter((counted) => counted === 1)).toHaveLength(3);
    const edges = batch.ports.edges ?? new Int32Array();
    let real = 0;
    for (let i = 0; i < edges.length; i += 2) {
      if (edges[i] === edges[i + 1]) continue;
      real++;
      expect(known.has(`${x(batch.ports, edges[i] as number)} ${x(batch.ports, edges[i + 1] as number)}`)).toBe(true);
    }
    expect(real).toBeGreaterThan(9);
    expect(real).toBeLessThanOrEqual(3 * (3 + 9));
  });

  it("gives every node once over all clusters, and with all clusters every edge", async () => {
    const [whole, parts] = await Promise.all([load("communities"), load("communities", { sampling: "clusters", clusters: 7 })]);
    const batches = createGraphBatches(parts, 1);
    const counted = Array.from(all(7), (row) => batches.batch("test", Int32Array.of(row), 0).weight ?? 0);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(900);
    const { ports } = batches.batch("train", all(7), 0);
    const edges = ports.edges ?? new Int32Array();
    let real = 0;
    for (let i = 0; i < edges.length; i += 2) if (edges[i] !== edges[i + 1]) real++;
    expect(2 * real).toBe(whole.splits.train.ports.edges?.length);
  });
});
