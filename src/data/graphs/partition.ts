import type { IncomingEdges } from "../../tensor/dataset.ts";

/** Rounds of moving nodes between parts, if they go on moving. */
const rounds = 12;

/**
 * Cuts a graph into parts of about one size with few edges between them: nodes in the order of a search from neighbour to neighbour go to
 * the part that has most of their neighbours, the fuller the less (Stanton and Kliot's linear deterministic greedy), in several rounds.
 * @returns nodes part by part, and where each part begins; its end is after the last
 */
export function partition(graph: IncomingEdges, parts: number): { readonly members: Int32Array; readonly clusters: Int32Array } {
  const { starts, sources } = graph;
  const nodes = starts.length - 1;
  const order = searchOrder(graph);
  const home = new Int32Array(nodes).fill(-1);
  const sizes = new Int32Array(parts);
  const room = Math.ceil((1.05 * nodes) / parts);
  const votes = new Int32Array(parts);
  /** How well a node goes to a part that has so many of its neighbours. */
  const score = (part: number, neighbours: number): number => {
    const size = sizes[part] as number;
    return size >= room ? -1 : (neighbours + 0.01) * (1 - size / room);
  };
  /** Of the parts of a node's neighbours the best, −1 if none has room. */
  const bestAround = (node: number): number => {
    const [from, to] = [starts[node] as number, starts[node + 1] as number];
    for (let at = from; at < to; at++) {
      const part = home[sources[at] as number] as number;
      if (part >= 0) votes[part] = (votes[part] as number) + 1;
    }
    let best = -1;
    let most = -1;
    for (let at = from; at < to; at++) {
      const part = home[sources[at] as number] as number;
      if (part < 0 || votes[part] === 0) continue;
      const value = score(part, votes[part] as number);
      votes[part] = 0;
      if (value <= most) continue;
      best = part;
      most = value;
    }
    return best;
  };
  /** The emptiest part. */
  const bestAnywhere = (): number => {
    let best = 0;
    for (let part = 1; part < parts; part++) if (score(part, 0) > score(best, 0)) best = part;
    return best;
  };
  let moved = true;
  for (let round = 0; round < rounds && moved; round++) {
    moved = false;
    for (const node of order) {
      const before = home[node] as number;
      if (before >= 0) sizes[before] = (sizes[before] as number) - 1;
      const around = bestAround(node);
      const best = around < 0 ? bestAnywhere() : around;
      if (best !== before) moved = true;
      home[node] = best;
      sizes[best] = (sizes[best] as number) + 1;
    }
  }
  return listed(home, sizes);
}

/** Nodes part by part, each part's in their order. */
function listed(home: Int32Array, sizes: Int32Array): { readonly members: Int32Array; readonly clusters: Int32Array } {
  const clusters = new Int32Array(sizes.length + 1);
  for (let part = 0; part < sizes.length; part++) clusters[part + 1] = (clusters[part] as number) + (sizes[part] as number);
  const next = clusters.slice(0, -1);
  const members = new Int32Array(home.length);
  for (let node = 0; node < home.length; node++) {
    const part = home[node] as number;
    const at = next[part] as number;
    members[at] = node;
    next[part] = at + 1;
  }
  return { members, clusters };
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
