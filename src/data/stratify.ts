import { rng } from "../tensor/random.ts";

/**
 * Chooses `testCount` of the examples for testing so that every class keeps its share (largest remainders).
 * Both lists of indices are in a random order that only the seed and the name decide.
 */
export function stratifiedSplit(labels: ArrayLike<number>, testCount: number, seed: number, name: string): { train: Int32Array; test: Int32Array } {
  const order = rng(seed, name, "split").permutation(labels.length);
  const members = new Map<number, number[]>();
  for (const i of order) {
    const label = labels[i] as number;
    const list = members.get(label);
    if (list) list.push(i);
    else members.set(label, [i]);
  }
  const share = testCount / labels.length;
  const classes = [...members.keys()].sort((a, b) => a - b);
  const take = new Map(classes.map((label) => [label, Math.floor((members.get(label) ?? []).length * share)]));
  const remainder = (label: number) => ((members.get(label) ?? []).length * share) % 1;
  let missing = testCount - [...take.values()].reduce((sum, n) => sum + n, 0);
  for (const label of [...classes].sort((a, b) => remainder(b) - remainder(a) || a - b)) {
    if (missing-- <= 0) break;
    take.set(label, (take.get(label) ?? 0) + 1);
  }
  const chosen = new Set(classes.flatMap((label) => (members.get(label) ?? []).slice(0, take.get(label))));
  return { train: order.filter((i) => !chosen.has(i)), test: order.filter((i) => chosen.has(i)) };
}
