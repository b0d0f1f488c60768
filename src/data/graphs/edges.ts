/**
 * Edges as data sets give them: pairs of node numbers one after the other, the source before the target. Node numbers are whole and at
 * least 0.
 */

export type Pair = readonly [number, number];

/** Every pair both ways, once, sorted by target and then by source; pairs of a node with itself are left out. */
export function bothWays(pairs: Int32Array): Int32Array {
  const both = new Int32Array(2 * pairs.length);
  let size = 0;
  let nodes = 0;
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [a, b] = [pairs[i] as number, pairs[i + 1] as number];
    if (a === b) continue;
    nodes = Math.max(nodes, a + 1, b + 1);
    both[size++] = a;
    both[size++] = b;
    both[size++] = b;
    both[size++] = a;
  }
  return once(sortedBy(1, sortedBy(0, both.subarray(0, size), nodes), nodes));
}

/** Every pair once, sorted by its first and then by its second number, each below `nodes`. */
export const distinct = (pairs: Int32Array, nodes: number): Int32Array => once(sortedBy(0, sortedBy(1, pairs, nodes), nodes));

/** The pairs in the order of their first (0) or second (1) numbers; equal ones stay in the order in which they came (a counting sort). */
function sortedBy(place: 0 | 1, pairs: Int32Array, nodes: number): Int32Array {
  const next = new Int32Array(nodes + 1);
  for (let i = place; i < pairs.length; i += 2) {
    const above = (pairs[i] as number) + 1;
    next[above] = (next[above] as number) + 1;
  }
  for (let node = 0; node < nodes; node++) next[node + 1] = (next[node + 1] as number) + (next[node] as number);
  const out = new Int32Array(pairs.length);
  for (let i = 0; i < pairs.length; i += 2) {
    const node = pairs[i + place] as number;
    const at = next[node] as number;
    next[node] = at + 1;
    out[2 * at] = pairs[i] as number;
    out[2 * at + 1] = pairs[i + 1] as number;
  }
  return out;
}

/** Of equal pairs that stand together one; moves the numbers in place. */
function once(sorted: Int32Array): Int32Array {
  let size = 0;
  for (let i = 0; i < sorted.length; i += 2) {
    if (size > 0 && sorted[i] === sorted[size - 2] && sorted[i + 1] === sorted[size - 1]) continue;
    sorted[size] = sorted[i] as number;
    sorted[size + 1] = sorted[i + 1] as number;
    size += 2;
  }
  return sorted.slice(0, size);
}

/** The identity: all that a node is known by is its number. `[nodes, nodes]`. */
export function oneHot(nodes: number): Float32Array {
  const x = new Float32Array(nodes * nodes);
  for (let i = 0; i < nodes; i++) x[i * nodes + i] = 1;
  return x;
}
