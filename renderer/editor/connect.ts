import { applyEdit } from "../../src/document/edits.ts";
import type { Edge, NetloomDocument } from "../../src/document/schema.ts";
import type { Checked } from "../../src/graph/types.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { formatShape, type TensorType } from "../../src/tensor/types.ts";
import { formatRank } from "./format.ts";
import { canvasNode, indexOf, isBoundary, nodeOf, portOf, reaches, shownGraph } from "./graph.ts";
import { nodeInfo, type PortInfo } from "./node-info.ts";

/** Which wires may be: judged by what is known of both ends, with the reason in words where one may not. */

/** What the editor's questions are about: a graph of a document, and what the checker said of it. */
export interface Where {
  readonly document: NetloomDocument;
  readonly graph: string;
  readonly checked: Checked;
  readonly env: InferEnv;
}

export type Verdict =
  | { readonly ok: true /** The wire that makes room: a port that takes one has one. */; readonly replaces?: Edge }
  | { readonly ok: false; readonly reason: string };

const no = (reason: string): Verdict => ({ ok: false, reason });

/**
 * May a wire go from the output `from` to the input `to`?
 * @param upstream the canvas nodes that `from` depends on, if known already: spares a walk through the graph
 */
export function canConnect(where: Where, from: string, to: string, upstream?: ReadonlySet<string>): Verdict {
  const graph = shownGraph(where.document, where.graph);
  if (nodeOf(from) === nodeOf(to)) return no(isBoundary(nodeOf(from)) ? "Choose a node's port." : "A node cannot feed itself.");
  const output = portInfo(where, from, "out");
  const input = portInfo(where, to, "in");
  if (!output) return no(`${from} is no output.`);
  if (!input) return no(`${to} is no input.`);
  const arriving = indexOf(graph).into.get(to) ?? [];
  if (arriving.some((edge) => edge.from === from)) return no("These two are connected already.");
  const loop = upstream ? upstream.has(canvasNode(to)) : reaches(graph, canvasNode(to), canvasNode(from));
  if (loop) return no(`That would close a loop: ${nodeOf(from)} needs ${nodeOf(to)} already. Data flows one way.`);
  const type = typeAt(where, from);
  const wrong = type && misfit(input, type, from);
  if (wrong) return no(wrong);
  const [replaces] = input.many ? [] : arriving;
  return replaces ? { ok: true, replaces } : { ok: true };
}

/** Why a tensor does not fit a port, by element type and number of axes; undefined if it does. */
export function misfit(port: PortInfo, type: TensorType, from: string): string | undefined {
  if (port.dtype && port.dtype !== type.dtype) {
    const words = { int32: "whole numbers (labels, tokens)", float32: "real numbers" };
    return `${port.name} wants ${words[port.dtype]}; ${from} gives ${words[type.dtype]}.`;
  }
  if (port.rank === undefined) return undefined;
  const ranks = typeof port.rank === "number" ? [port.rank] : port.rank;
  const rank = type.shape.length;
  return ranks.includes(rank) ? undefined : `${port.name} wants ${formatRank(port.rank)}; ${from} has ${rank}: ${formatShape(type.shape)}.`;
}

/** What is known of a port at one end of a wire, if there is one. */
export function portInfo(where: Where, end: string, side: "in" | "out"): PortInfo | undefined {
  const { document, graph, env } = where;
  const id = nodeOf(end);
  const name = portOf(end);
  if (isBoundary(id)) {
    const block = document.blocks?.[graph];
    const ports = id === "in" ? (side === "out" ? block?.inputs : undefined) : side === "in" ? block?.outputs : undefined;
    return ports?.some((port) => port.name === name) ? { name } : undefined;
  }
  const node = indexOf(shownGraph(document, graph)).nodes.get(id);
  if (!node) return undefined;
  const info = nodeInfo(document, graph, node, env);
  const found = (side === "in" ? info.inputs : info.outputs).find((port) => port.name === name);
  if (found || side === "in") return found;
  return where.checked.view(graph).get(id)?.outputs[name] ? { name } : undefined;
}

/** The type of what leaves an output, as far as the checker knows. */
export const typeAt = ({ checked, graph }: Pick<Where, "checked" | "graph">, from: string): TensorType | undefined =>
  checked.view(graph).get(nodeOf(from))?.outputs[portOf(from)];

/** The document with that wire; on a port that takes one, the old one goes. */
export const connect = (where: Where, from: string, to: string): NetloomDocument =>
  applyEdit(where.document, { kind: "connect", graph: where.graph, edge: { from, to }, replace: portInfo(where, to, "in")?.many !== true });

/** Outputs of a node, `"conv1.y"`, in the order of its ports. */
export function outputsOf(where: Where, id: string): readonly string[] {
  if (id.startsWith("in.")) return [id];
  const node = indexOf(shownGraph(where.document, where.graph)).nodes.get(id);
  return node ? nodeInfo(where.document, where.graph, node, where.env).outputs.map((port) => `${id}.${port.name}`) : [];
}

/** Inputs of a node, free ones first, each once. */
export function inputsOf(where: Where, id: string): readonly string[] {
  if (id.startsWith("out.")) return [id];
  const graph = shownGraph(where.document, where.graph);
  const { nodes, into } = indexOf(graph);
  const node = nodes.get(id);
  if (!node) return [];
  const { inputs } = nodeInfo(where.document, where.graph, node, where.env);
  const rank = (port: PortInfo) => (into.has(`${id}.${port.name}`) && !port.many ? 2 : port.optional ? 1 : 0);
  return inputs.toSorted((a, b) => rank(a) - rank(b)).map((port) => `${id}.${port.name}`);
}

/** All ends where a wire that is held at one end may go. */
export function allowedEnds(where: Where, held: { readonly from: string } | { readonly to: string }): ReadonlySet<string> {
  const { nodes } = shownGraph(where.document, where.graph);
  const block = where.document.blocks?.[where.graph];
  const ids = [
    ...nodes.map((node) => node.id),
    ...(block?.inputs ?? []).map((port) => `in.${port.name}`),
    ...(block?.outputs ?? []).map((port) => `out.${port.name}`),
  ];
  if ("from" in held) {
    const upstream = reached(where, canvasNode(held.from), "arriving");
    return new Set(ids.flatMap((id) => inputsOf(where, id)).filter((to) => canConnect(where, held.from, to, upstream).ok));
  }
  const downstream = reached(where, canvasNode(held.to), "leaving");
  const free = ids.filter((id) => !downstream.has(id)).flatMap((id) => outputsOf(where, id));
  return new Set(free.filter((from) => canConnect(where, from, held.to, new Set()).ok));
}

/** A node and all that lie before or after it. */
function reached(where: Where, from: string, along: "arriving" | "leaving"): ReadonlySet<string> {
  const index = indexOf(shownGraph(where.document, where.graph));
  const seen = new Set<string>();
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const edge of index[along].get(id) ?? []) waiting.push(canvasNode(along === "arriving" ? edge.from : edge.to));
  }
  return seen;
}

/** The first pair of ports by which one node can feed another without taking a wire away; undefined if there is none. */
export function firstFit(where: Where, from: readonly string[], toNode: string): { readonly from: string; readonly to: string } | undefined {
  for (const to of inputsOf(where, toNode))
    for (const output of from) {
      const verdict = canConnect(where, output, to);
      if (verdict.ok && !verdict.replaces) return { from: output, to };
    }
  return undefined;
}
