import type { Edge, GraphNode } from "../../src/document/schema.ts";
import { shownGraph } from "../editor/graph.ts";
import { nodeInfo } from "../editor/node-info.ts";
import { placesOf, portPlaces } from "../editor/place.ts";
import { type DocumentState, openGraph } from "../stores/document.ts";

/** What the canvas as a whole knows of the open graph. What a node's settings are is none of its business: typing in the inspector draws one node. */

/** A node as it shall stand on the canvas. */
export interface Wanted {
  readonly id: string;
  readonly type: "layer" | "boundary";
  readonly x: number;
  readonly y: number;
  readonly family: string;
}

export interface Shown {
  readonly graph: string;
  /** The same array for as long as no node comes, goes or moves. */
  readonly wanted: readonly Wanted[];
  readonly edges: readonly Edge[];
  /** Nodes without the block's own ports. */
  readonly count: number;
}

type Asked = Pick<DocumentState, "document" | "trail" | "env">;
interface Last extends Asked {
  readonly nodes: readonly GraphNode[];
  readonly shown: Shown;
}

/** A reader with a memory of one: the same object comes back while it says the same. */
export function createShown(): (state: Asked) => Shown {
  let last: Last | undefined;
  return ({ document, trail, env }) => {
    if (last?.document === document && last.trail === trail && last.env === env) return last.shown;
    const { nodes, edges } = shownGraph(document, openGraph({ trail }));
    const around = last?.trail === trail && last.env === env && last.document.blocks === document.blocks && last.shown.edges === edges;
    if (last && around && sameStanding(nodes, last.nodes)) {
      last = { document, trail, env, nodes, shown: last.shown };
      return last.shown;
    }
    const shown = stable(look({ document, trail, env }, last), last?.shown);
    last = { document, trail, env, nodes, shown };
    return shown;
  };
}

/** The same nodes in the same places: only what is set in them can differ. */
const sameStanding = (now: readonly GraphNode[], old: readonly GraphNode[]): boolean =>
  now.length === old.length &&
  now.every((node, i) => {
    const before = old[i];
    return node === before || (node.id === before?.id && node.type === before.type && node.at === before.at);
  });

function look({ document, trail, env }: Asked, last: Last | undefined): Shown {
  const graph = openGraph({ trail });
  const shown = shownGraph(document, graph);
  const places = placesOf(shown);
  const before = last?.shown.graph === graph && last.env === env && last.document.blocks === document.blocks ? last : undefined;
  const layers = shown.nodes.map((node, i): Wanted => {
    const [x, y] = places.get(node.id) ?? [0, 0];
    const old = before?.shown.wanted[i];
    if (old && before?.nodes[i] === node && old.x === x && old.y === y) return old;
    return kept({ id: node.id, type: "layer", x, y, family: nodeInfo(document, graph, node, env).family }, old);
  });
  const ports = [...portPlaces(document, graph, new Map())].map(
    ([id, [x, y]], i): Wanted => kept({ id, type: "boundary", x, y, family: "block" }, last?.shown.wanted[layers.length + i]),
  );
  return { graph, wanted: [...layers, ...ports], edges: shown.edges, count: shown.nodes.length };
}

/** The old object where it says the same. */
const kept = (now: Wanted, old: Wanted | undefined): Wanted =>
  old && old.id === now.id && old.type === now.type && old.x === now.x && old.y === now.y && old.family === now.family ? old : now;

function stable(now: Shown, old: Shown | undefined): Shown {
  if (!old) return now;
  const same = now.wanted.length === old.wanted.length && now.wanted.every((one, i) => one === old.wanted[i]);
  if (same && now.edges === old.edges && now.graph === old.graph && now.count === old.count) return old;
  return same ? { ...now, wanted: old.wanted } : now;
}
