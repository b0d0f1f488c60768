import type { IncomingEdges } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { distinct } from "./edges.ts";

/** A drawn graph whose nodes fall into communities: a stochastic block model of two levels. */
export interface CommunityGraph extends IncomingEdges {
  readonly label: Int32Array;
  /** `nodes × features` numbers. */
  readonly x: Float32Array;
}

export interface CommunityOptions {
  readonly nodes: number;
  /** Edges, both ways counted. */
  readonly edges: number;
  readonly classes: number;
  readonly features: number;
}

/** Members of a community, about; each community belongs to one class. */
const members = 100;
/** Shares of edges within a community and within a class; the others join any two nodes. */
const within = { community: 0.55, class: 0.2 } as const;
/** How far a node's own class stands out of the noise in its features. */
const hint = 1;

/**
 * Draws the graph; the same seed draws the same. Every edge stands both ways, none twice. Of a node's vector one feature hints at its
 * class, faintly: most of what can be known comes through neighbours.
 */
export function drawCommunities({ nodes, edges, classes, features }: CommunityOptions, seed: number): CommunityGraph {
  const draws = rng(seed, "communities", nodes);
  const groups = Math.max(classes, Math.round(nodes / members));
  // Node i belongs to community i mod groups, which belongs to class (i mod groups) mod classes.
  const inGroup = (group: number) => group + groups * draws.int(Math.ceil((nodes - group) / groups));
  const inClass = (label: number) => inGroup(label + classes * draws.int(Math.ceil((groups - label) / classes)));
  const partner = (node: number): number => {
    const group = node % groups;
    const share = draws.uniform();
    if (share < within.community) return inGroup(group);
    return share < within.community + within.class ? inClass(group % classes) : draws.int(nodes);
  };
  const pairs = distinctPairs(nodes, edges / 2, (out, at) => {
    const node = draws.int(nodes);
    const other = partner(node);
    out[at] = Math.min(node, other);
    out[at + 1] = Math.max(node, other);
  });
  const label = new Int32Array(nodes);
  for (let i = 0; i < nodes; i++) label[i] = (i % groups) % classes;
  const x = draws.fillNormal(new Float32Array(nodes * features));
  for (let i = 0; i < nodes; i++) x[i * features + (label[i] as number)] = (x[i * features + (label[i] as number)] as number) + hint;
  return { ...incoming(nodes, pairs), label, x };
}

/** So many different pairs of different nodes, the smaller first, sorted. Sorting finds doubles; what is missing is drawn again. */
function distinctPairs(nodes: number, wanted: number, draw: (out: Int32Array, at: number) => void): Int32Array {
  let kept: Int32Array = new Int32Array();
  while (kept.length < 2 * wanted) {
    const all = new Int32Array(2 * wanted);
    all.set(kept);
    for (let at = kept.length; at < all.length; ) {
      draw(all, at);
      if (all[at] !== all[at + 1]) at += 2;
    }
    kept = distinct(all, nodes);
  }
  return kept;
}

/** Sources by target, of pairs taken both ways. */
function incoming(nodes: number, pairs: Int32Array): IncomingEdges {
  const starts = new Int32Array(nodes + 1);
  for (const node of pairs) starts[node + 1] = (starts[node + 1] as number) + 1;
  for (let i = 0; i < nodes; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice(0, -1);
  const sources = new Int32Array(pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const target = pairs[i] as number;
    const at = next[target] as number;
    sources[at] = pairs[i ^ 1] as number;
    next[target] = at + 1;
  }
  return { starts, sources };
}

/** The same edges as pairs, source before target. */
export function edgeList({ starts, sources }: IncomingEdges): Int32Array {
  const out = new Int32Array(2 * sources.length);
  for (let node = 0; node + 1 < starts.length; node++)
    for (let at = starts[node] as number; at < (starts[node + 1] as number); at++) {
      out[2 * at] = sources[at] as number;
      out[2 * at + 1] = node;
    }
  return out;
}
