import type { IncomingEdges } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";

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
/** Rounds of moving nodes between parts. */
const rounds = 12;

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
  const pairs = distinctPairs(nodes, edges / 2, () => {
    const node = draws.int(nodes);
    return [node, partner(node)];
  });
  const label = Int32Array.from({ length: nodes }, (_, i) => (i % groups) % classes);
  const x = draws.fillNormal(new Float32Array(nodes * features));
  for (let i = 0; i < nodes; i++) x[i * features + (label[i] as number)] = (x[i * features + (label[i] as number)] as number) + hint;
  return { ...incoming(nodes, pairs), label, x };
}

/** So many different pairs of different nodes, each as smaller · nodes + larger. Sorting finds doubles; what is missing is drawn again. */
function distinctPairs(nodes: number, wanted: number, draw: () => readonly [number, number]): Float64Array {
  let kept = new Float64Array();
  while (kept.length < wanted) {
    const all = new Float64Array(wanted);
    all.set(kept);
    for (let i = kept.length; i < wanted; ) {
      const [a, b] = draw();
      if (a !== b) all[i++] = Math.min(a, b) * nodes + Math.max(a, b);
    }
    all.sort();
    kept = all.filter((pair, i) => i === 0 || pair !== all[i - 1]);
  }
  return kept;
}

/** Sources by target, of pairs taken both ways. */
function incoming(nodes: number, pairs: Float64Array): IncomingEdges {
  const starts = new Int32Array(nodes + 1);
  const count = (node: number) => {
    starts[node + 1] = (starts[node + 1] as number) + 1;
  };
  for (const pair of pairs) {
    count(pair % nodes);
    count(Math.floor(pair / nodes));
  }
  for (let i = 0; i < nodes; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice(0, -1);
  const sources = new Int32Array(2 * pairs.length);
  const put = (source: number, target: number) => {
    const at = next[target] as number;
    sources[at] = source;
    next[target] = at + 1;
  };
  for (const pair of pairs) {
    const [small, large] = [Math.floor(pair / nodes), pair % nodes];
    put(small, large);
    put(large, small);
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

/**
 * Cuts a graph into parts of about one size with few edges between them: nodes in the order of a search from neighbour to neighbour go to
 * the part that has most of their neighbours, the fuller the less (Stanton and Kliot's linear deterministic greedy), in several rounds.
 * @returns nodes part by part, and where each part begins; its end is after the last
 */
export function partition({ starts, sources }: IncomingEdges, parts: number): { readonly members: Int32Array; readonly clusters: Int32Array } {
  const nodes = starts.length - 1;
  const order = searchOrder({ starts, sources });
  const home = new Int32Array(nodes).fill(-1);
  const sizes = new Int32Array(parts);
  const room = Math.ceil((1.05 * nodes) / parts);
  const votes = new Int32Array(parts);
  for (let round = 0; round < rounds; round++) {
    for (const node of order) {
      const before = home[node] as number;
      if (before >= 0) sizes[before] = (sizes[before] as number) - 1;
      const [from, to] = [starts[node] as number, starts[node + 1] as number];
      let best = -1;
      let most = -1;
      const consider = (part: number, neighbours: number) => {
        const size = sizes[part] as number;
        const score = size >= room ? -1 : (neighbours + 0.01) * (1 - size / room);
        if (score > most) [best, most] = [part, score];
      };
      for (let at = from; at < to; at++) {
        const part = home[sources[at] as number] as number;
        if (part >= 0) votes[part] = (votes[part] as number) + 1;
      }
      for (let at = from; at < to; at++) {
        const part = home[sources[at] as number] as number;
        if (part < 0 || votes[part] === 0) continue;
        consider(part, votes[part] as number);
        votes[part] = 0;
      }
      if (best < 0) for (let part = 0; part < parts; part++) consider(part, 0);
      home[node] = best;
      sizes[best] = (sizes[best] as number) + 1;
    }
  }
  const clusters = new Int32Array(parts + 1);
  for (let part = 0; part < parts; part++) clusters[part + 1] = (clusters[part] as number) + (sizes[part] as number);
  const next = clusters.slice(0, -1);
  const list = new Int32Array(nodes);
  home.forEach((part, node) => {
    const at = next[part] as number;
    list[at] = node;
    next[part] = at + 1;
  });
  return { members: list, clusters };
}

/** Nodes in the order in which a search from neighbour to neighbour finds them, part after part. */
function searchOrder({ starts, sources }: IncomingEdges): Int32Array {
  const nodes = starts.length - 1;
  const order = new Int32Array(nodes);
  const seen = new Uint8Array(nodes);
  let found = 0;
  const add = (node: number) => {
    if (seen[node]) return;
    seen[node] = 1;
    order[found++] = node;
  };
  let at = 0;
  for (let first = 0; first < nodes; first++) {
    add(first);
    for (; at < found; at++) {
      const node = order[at] as number;
      for (let i = starts[node] as number; i < (starts[node + 1] as number); i++) add(sources[i] as number);
    }
  }
  return order;
}
