import { blockOf } from "../../src/document/blocks.ts";
import { applyEdit, freshId } from "../../src/document/edits.ts";
import type { GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import { registry } from "../../src/layers/registry.ts";
import { canConnect, connect, firstFit, outputsOf, type Where } from "./connect.ts";
import { indexOf, nodeOf, shownGraph } from "./graph.ts";
import { bounds, freePlace, gapX, placesOf, rectOf, type Sizes } from "./place.ts";

/** Putting a new node into the open graph, wired to what it was added for. */

export interface Added {
  readonly document: NetloomDocument;
  readonly node: string;
}

/** What a new node of the type is called before numbers: `conv` for conv2d, `cross-entropy` for loss.cross-entropy. */
export function stemOf(type: string): string {
  const name = blockOf({ type }) ?? type.slice(type.lastIndexOf(".") + 1);
  return name.replace(/\d*d?$/i, "").replace(/[^A-Za-z0-9_-]/g, "") || "node";
}

/** Names count from 1 for layers that come in numbers, and go without for the rest. */
function newId(type: string, where: Where): string {
  const graph = shownGraph(where.document, where.graph);
  const stem = stemOf(type);
  const role = registry.get(type)?.role;
  return freshId(role === "layer" || blockOf({ type }) ? `${stem}1` : stem, graph);
}

export interface AddOptions {
  /** Where its corner stands; by default to the right of what it is wired to, or of everything. */
  readonly at?: readonly [number, number];
  /** Nodes to take its input from, the selection usually. */
  readonly after?: readonly string[];
  /** Or this very output. */
  readonly from?: string;
  /** Or feed this very input. */
  readonly to?: string;
  readonly params?: GraphNode["params"];
  readonly sizes?: Sizes;
}

/** Adds a node of the type; wires it as the options say, where its ports allow. */
export function addNode(where: Where, type: string, options: AddOptions = {}): Added {
  const { sizes = new Map(), after = [] } = options;
  const graph = shownGraph(where.document, where.graph);
  const at = options.at ? ([...options.at] as [number, number]) : placeAfter(where, after, sizes);
  const node: GraphNode = { id: newId(type, where), type, at, ...(options.params && { params: options.params }) };
  const document = applyEdit(where.document, {
    kind: "add",
    graph: where.graph,
    nodes: [{ ...node, at: options.at ? at : freePlace(graph, at, sizes) }],
    edges: [],
  });
  return { document: widen({ ...where, document: wire({ ...where, document }, node.id, options) }, node), node: node.id };
}

const rectifiers: ReadonlySet<string> = new Set(["relu", "leaky-relu", "gelu"]);
const hiddenUnits = 64;

/**
 * A linear layer in front of a rectifier is a hidden one. Its ten units by default suit ten classes; as a bottleneck
 * of ten rectifiers they often all die in the first steps and the loss stays at ln 10. A width that someone chose stays.
 */
function widen({ document, graph }: Pick<Where, "document" | "graph">, added: GraphNode): NetloomDocument {
  if (!rectifiers.has(added.type)) return document;
  const { nodes, arriving } = indexOf(shownGraph(document, graph));
  const before = (arriving.get(added.id) ?? []).map((edge) => nodes.get(nodeOf(edge.from)));
  return before.reduce(
    (now, node) =>
      node?.type === "dense" && node.params?.units === undefined
        ? applyEdit(now, { kind: "set-params", graph, node: node.id, params: { units: hiddenUnits } })
        : now,
    document,
  );
}

function wire(where: Where, id: string, { from, to, after = [] }: AddOptions): NetloomDocument {
  if (from !== undefined) {
    const fit = firstFit(where, [from], id);
    return fit ? connect(where, fit.from, fit.to) : where.document;
  }
  if (to !== undefined) {
    const output = outputsOf(where, id).find((end) => canConnect(where, end, to).ok);
    return output ? connect(where, output, to) : where.document;
  }
  const outputs = after.flatMap((other) => outputsOf(where, other));
  const fit = firstFit(where, preferred(where, outputs), id);
  return fit ? connect(where, fit.from, fit.to) : where.document;
}

/** Data before labels: outputs of real numbers first. */
const preferred = (where: Where, outputs: readonly string[]): readonly string[] => outputs.toSorted((a, b) => isLabel(where, a) - isLabel(where, b));
const isLabel = ({ checked, graph }: Where, end: string): number =>
  checked.view(graph).get(nodeOf(end))?.outputs[end.slice(end.indexOf(".") + 1)]?.dtype === "int32" ? 1 : 0;

/** To the right of the nodes named, or of the whole graph. */
function placeAfter(where: Where, after: readonly string[], sizes: Sizes): [number, number] {
  const graph = shownGraph(where.document, where.graph);
  const places = placesOf(graph);
  const named = graph.nodes.filter((node) => after.includes(node.id));
  const rects = (named.length > 0 ? named : graph.nodes).map((node) => {
    const [x, y] = places.get(node.id) ?? [0, 0];
    return { ...rectOf(node, sizes), x, y };
  });
  const around = bounds(rects);
  const last = rects.toSorted((a, b) => a.x + a.width - b.x - b.width).at(-1);
  return around && last ? [around.x + around.width + gapX, last.y] : [0, 0];
}

/** Can a new node of the type take (or give) that end of a wire? */
export function fitsEnd(where: Where, type: string, end: { readonly from: string } | { readonly to: string }): boolean {
  const trial = addNode(where, type, { at: [0, 0], ...end });
  const { arriving, leaving } = indexOf(shownGraph(trial.document, where.graph));
  return arriving.has(trial.node) || leaving.has(trial.node);
}

/** Types of the document's own blocks that may stand in a graph: all but those the graph is part of. */
export function usableBlocks(document: NetloomDocument, graph: string): readonly string[] {
  const names = Object.keys(document.blocks ?? {});
  return graph === "" ? names : names.filter((name) => name !== graph && !contains(document, name, graph));
}

/** Does a block hold an instance of another, however deep? */
export function contains(document: NetloomDocument, block: string, other: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(block)) return false;
  const inside = (document.blocks?.[block]?.nodes ?? []).map(blockOf).filter((name) => name !== undefined);
  return inside.some((name) => name === other || contains(document, name, other, new Set([...seen, block])));
}
