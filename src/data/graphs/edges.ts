/** Edges as data sets give them: pairs of node numbers one after the other, the source before the target. */

export type Pair = readonly [number, number];

/** Every pair both ways, once, sorted by target and then by source; pairs of a node with itself are left out. */
export function bothWays(pairs: Iterable<Pair>): Int32Array {
  const all: Pair[] = [];
  for (const [a, b] of pairs) if (a !== b) all.push([a, b], [b, a]);
  all.sort(([from, to], [otherFrom, otherTo]) => to - otherTo || from - otherFrom);
  const once = all.filter(([from, to], i) => i === 0 || from !== all[i - 1]?.[0] || to !== all[i - 1]?.[1]);
  return Int32Array.from(once.flat());
}

/** The identity: all that a node is known by is its number. `[nodes, nodes]`. */
export function oneHot(nodes: number): Float32Array {
  const x = new Float32Array(nodes * nodes);
  for (let i = 0; i < nodes; i++) x[i * nodes + i] = 1;
  return x;
}
