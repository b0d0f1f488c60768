import { createGrowing, type Growing } from "./growing.ts";

/** Numbers for the nodes of a part of a graph, in the order in which they are asked for, and the edges between them. */
export interface Numbering {
  readonly nodes: Growing;
  /** Pairs of such numbers, source before target. */
  readonly pairs: Growing;
  /** The node's number; a new one for a node that has none. */
  numberOf(node: number): number;
  /** The node's number, −1 for a node that has none. */
  known(node: number): number;
  /** Forgets nodes and pairs; costs as much as there were, however large the graph is. */
  clear(): void;
}

/** @param count nodes of the whole graph, for each of which four bytes are kept */
export function createNumbering(count: number): Numbering {
  const numbers = new Int32Array(count).fill(-1);
  const nodes = createGrowing();
  const pairs = createGrowing();
  return {
    nodes,
    pairs,
    known: (node) => numbers[node] as number,
    numberOf(node) {
      const number = numbers[node] as number;
      if (number >= 0) return number;
      numbers[node] = nodes.length;
      nodes.push(node);
      return nodes.length - 1;
    },
    clear() {
      for (const node of nodes.values()) numbers[node] = -1;
      nodes.clear();
      pairs.clear();
    },
  };
}
