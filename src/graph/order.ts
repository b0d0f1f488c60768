import { nodeOf, portOf } from "../document/edits.ts";
import type { Edge, Graph, GraphNode } from "../document/schema.ts";

/** One graph's nodes in an order that respects its wires, with the wires that arrive at each. */
export interface LocalOrder {
  readonly nodes: readonly GraphNode[];
  /** Node id → wires that arrive there, in document order. `"out"` holds those to a block's outputs. */
  readonly arriving: ReadonlyMap<string, readonly Arrival[]>;
  /** Nodes that wait for each other. */
  readonly cycle: readonly string[];
  /** Wires with an end at a node that is not there. */
  readonly dangling: readonly Edge[];
}
export interface Arrival {
  readonly port: string;
  readonly fromNode: string;
  readonly fromPort: string;
  readonly edge: Edge;
}

const known = new WeakMap<readonly GraphNode[], { edges: readonly Edge[]; order: LocalOrder }>();

/** Kahn's algorithm, first come first served, so that order is stable. Remembered for as long as nodes and wires are the same lists. */
export function localOrder(graph: Graph): LocalOrder {
  const before = known.get(graph.nodes);
  if (before?.edges === graph.edges) return before.order;
  const order = sort(graph);
  known.set(graph.nodes, { edges: graph.edges, order });
  return order;
}

function sort({ nodes, edges }: Graph): LocalOrder {
  const arriving = new Map<string, Arrival[]>(nodes.map((node) => [node.id, []]));
  arriving.set("out", arriving.get("out") ?? []);
  const waits = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  const feeds = new Map<string, string[]>();
  const dangling: Edge[] = [];
  for (const edge of edges) {
    const from = nodeOf(edge.from);
    const to = nodeOf(edge.to);
    const list = arriving.get(to);
    if (!list || !(waits.has(from) || from === "in")) {
      dangling.push(edge);
      continue;
    }
    list.push({ port: portOf(edge.to), fromNode: from, fromPort: portOf(edge.from), edge });
    if (from === "in" || to === "out") continue;
    waits.set(to, (waits.get(to) ?? 0) + 1);
    const fed = feeds.get(from);
    if (fed) fed.push(to);
    else feeds.set(from, [to]);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ready = nodes.filter((node) => waits.get(node.id) === 0);
  for (let i = 0; i < ready.length; i++) {
    for (const to of feeds.get(ready[i]?.id ?? "") ?? []) {
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      const node = byId.get(to);
      if (left === 0 && node) ready.push(node);
    }
  }
  const done = new Set(ready.map((node) => node.id));
  return { nodes: ready, arriving, cycle: nodes.filter((node) => !done.has(node.id)).map((node) => node.id), dangling };
}
