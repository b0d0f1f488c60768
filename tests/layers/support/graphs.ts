import * as tf from "@tensorflow/tfjs-core";
import { rng } from "../../../src/tensor/random.ts";

/** Random undirected graphs for the laws of graph layers, as pairs and as tensors. */

export type Pair = readonly [number, number];

/** Every pair of nodes is joined with probability `share`; both directions, in no order. */
export function randomPairs(seed: number, nodes: number, share: number): Pair[] {
  const draws = rng(seed, "graph");
  const pairs: Pair[] = [];
  for (let a = 0; a < nodes; a++) for (let b = 0; b < a; b++) if (draws.uniform() < share) pairs.push([a, b], [b, a]);
  return Array.from(draws.permutation(pairs.length), (i) => pairs[i] as Pair);
}

export const edgeTensor = (pairs: readonly Pair[]): tf.Tensor2D => tf.tensor2d(pairs.flat(), [pairs.length, 2], "int32");

/** Row n holds 1 for each neighbour of n. */
export function denseMatrix(pairs: readonly Pair[], nodes: number): tf.Tensor2D {
  const values = new Float32Array(nodes * nodes);
  for (const [from, to] of pairs) values[to * nodes + from] = 1;
  return tf.tensor2d(values, [nodes, nodes]);
}

/** The graph in which node `order[i]` is called i. */
export const renamed = (pairs: readonly Pair[], order: readonly number[]): Pair[] =>
  pairs.map(([from, to]) => [order.indexOf(from), order.indexOf(to)] as const);
