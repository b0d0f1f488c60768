import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { bondKinds, elements, type Molecule } from "./smiles.ts";

/** A molecule and its class, 0 or 1. */
export interface Labelled {
  readonly molecule: Molecule;
  readonly label: number;
}

/** Ports of molecules: one-hot elements of the periodic table (UDL 13.5), bonds both ways with their kinds, the graph of each atom, and the class. */
export const moleculePorts = (names: readonly string[]): DatasetInfo["ports"] => ({
  x: { ...f32("nodes", elements.length), view: "graph", names: elements },
  edges: { ...i32(["edges", 2]), view: "graph" },
  bond: { ...i32(["edges"], bondKinds.length), names: bondKinds },
  graph: i32(["nodes"]),
  target: f32(1),
  label: { ...i32([], 2), view: "label", names },
});

/** Molecules with their classes as a split. */
export function moleculeSplit(list: readonly Labelled[]): SplitData {
  const { ports, ...graphs } = moleculeGraphs(list.map(({ molecule }) => molecule));
  const target = Float32Array.from(list, ({ label }) => label);
  return { ...graphs, ports: { ...ports, target, label: Int32Array.from(target) } };
}

/** Molecules as a split without classes: all atoms one after the other, of each only its element. */
export function moleculeGraphs(list: readonly Molecule[]): SplitData {
  const nodes = new Int32Array(list.length + 1);
  const edges = new Int32Array(list.length + 1);
  const x: number[] = [];
  const pairs: number[] = [];
  const kinds: number[] = [];
  for (const [i, molecule] of list.entries()) {
    for (const atom of molecule.atoms) x.push(atom - 1);
    const both = molecule.bonds.flatMap(([a, b, kind]) => [[a, b, kind] as const, [b, a, kind] as const]);
    both.sort(([from, to], [otherFrom, otherTo]) => to - otherTo || from - otherFrom);
    for (const [from, to, kind] of both) {
      pairs.push(from, to);
      kinds.push(kind);
    }
    nodes[i + 1] = x.length;
    edges[i + 1] = kinds.length;
  }
  const ports = {
    x: Int32Array.from(x),
    edges: Int32Array.from(pairs),
    bond: Int32Array.from(kinds),
  };
  return {
    count: list.length,
    ports,
    graphs: { kind: "union", nodes, edges, axes: { x: "nodes", edges: "edges", bond: "edges" }, oneHot: ["x"] },
  };
}
