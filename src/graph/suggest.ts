import { blockNamed, nodeOf, portOf } from "../document/edits.ts";
import type { Edge, NetloomDocument } from "../document/schema.ts";
import type { Role } from "../layers/contract.ts";
import type { Registry } from "../layers/registry.ts";
import type { Flat } from "./flatten.ts";
import type { LocalOrder } from "./order.ts";
import type { Problem } from "./types.ts";

const ends: readonly Role[] = ["loss", "metric", "output"];

/**
 * Remedies before a loss, a metric or an output, seen together. What is inserted there is inserted before all of them that
 * read the same output: an accuracy measured behind another, untrained layer than the loss would be no accuracy at all.
 * And where the layer that would be inserted stands there already, it is set instead of followed by a second one.
 */
export function settleBeforeEnds(flat: Flat, registry: Registry, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    const { graph, node } = problem.place;
    const [edit, ...others] = problem.mend?.edits ?? [];
    if (node === undefined || !problem.mend || edit?.kind !== "insert" || others.length > 0) return problem;
    const order = flat.scopes.get(graph)?.order;
    if (!order) return problem;
    const { toEnds, leaving, types } = wiresOf(order, registry);
    if (!toEnds.has(node)) return problem;
    const sources = new Set(edit.edges.map((edge) => edge.from));
    const edges = [...toEnds.values()].flat().filter((edge) => sources.has(edge.from));
    const [source = ""] = sources;
    const before = nodeOf(source);
    if (sources.size === 1 && types.get(before) === edit.node.type && leaving.get(source) === edges.length) {
      const params = edit.node.params ?? {};
      const label = `Set ${before}: ${Object.entries(params)
        .map(([name, value]) => `${value} ${name}`)
        .join(", ")}`;
      return { ...problem, mend: { label, edits: [{ kind: "set-params", graph, node: before, params }] } };
    }
    return { ...problem, mend: { ...problem.mend, edits: [{ ...edit, edges }] } };
  });
}

/** One graph's wires as the remedies need them. */
interface GraphWires {
  /** Each loss, metric and output with the wires that arrive there. */
  readonly toEnds: ReadonlyMap<string, readonly Edge[]>;
  /** `"linear1.y"` → how many wires leave it. */
  readonly leaving: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

const known = new WeakMap<LocalOrder, { readonly registry: Registry; readonly wires: GraphWires }>();

function wiresOf(order: LocalOrder, registry: Registry): GraphWires {
  const before = known.get(order);
  if (before?.registry === registry) return before.wires;
  const wires = graphWires(order, registry);
  known.set(order, { registry, wires });
  return wires;
}

function graphWires(order: LocalOrder, registry: Registry): GraphWires {
  const toEnds = new Map<string, readonly Edge[]>();
  const leaving = new Map<string, number>();
  const types = new Map<string, string>();
  for (const { id, type } of order.nodes) {
    types.set(id, type);
    const edges = (order.arriving.get(id) ?? []).map((arrival) => arrival.edge);
    if (ends.includes(registry.get(type)?.role ?? "layer")) toEnds.set(id, edges);
  }
  for (const { edge } of [...order.arriving.values()].flat()) leaving.set(edge.from, (leaving.get(edge.from) ?? 0) + 1);
  return { toEnds, leaving, types };
}

/**
 * Remedies for unconnected ports. For `x`: the only layer output that nothing uses yet, which is where somebody who
 * builds from left to right goes on. Else the only output that bears the port's name: a data set's `label` for a loss's.
 */
export function suggestConnections(document: NetloomDocument, flat: Flat, problems: readonly Problem[]): Problem[] {
  const known = new Map<string, Starts>();
  const startsOf = (graph: string) => {
    let starts = known.get(graph);
    if (!starts) known.set(graph, (starts = startsOfWires(document, flat, graph)));
    return starts;
  };
  return problems.map((problem) => {
    const { graph, node, port } = problem.place;
    if (problem.code !== "unconnected" || problem.mend || node === undefined || port === undefined) return problem;
    const { byPort, unused } = startsOf(graph);
    const only = (ends: readonly string[] = []) => {
      const [first, ...others] = ends.length > 2 ? [] : ends.filter((end) => nodeOf(end) !== node);
      return others.length === 0 ? first : undefined;
    };
    const from = (port === "x" ? only(unused) : undefined) ?? only(byPort.get(port));
    if (from === undefined) return problem;
    const edge = { from, to: `${node}.${port}` };
    return { ...problem, mend: { label: `Connect ${from}`, edits: [{ kind: "connect", graph, edge, replace: true }] } };
  });
}

/** Where wires of one graph can begin. */
interface Starts {
  readonly byPort: ReadonlyMap<string, readonly string[]>;
  /** Layers' outputs `y` that no wire leaves. */
  readonly unused: readonly string[];
}

function startsOfWires(document: NetloomDocument, flat: Flat, graph: string): Starts {
  const scope = flat.scopes.get(graph);
  const ends = [...(scope?.outputs.keys() ?? []), ...(blockNamed(document, graph)?.inputs.map((input) => `in.${input.name}`) ?? [])];
  const byPort = new Map<string, string[]>();
  for (const end of ends) {
    const named = byPort.get(portOf(end));
    if (named) named.push(end);
    else byPort.set(portOf(end), [end]);
  }
  const used = new Set([...(scope?.order.arriving.values() ?? [])].flat().map(({ edge }) => edge.from));
  return { byPort, unused: (byPort.get("y") ?? []).filter((end) => !used.has(end)) };
}
