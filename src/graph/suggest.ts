import { blockNamed, nodeOf, portOf } from "../document/edits.ts";
import type { Edge, NetloomDocument } from "../document/schema.ts";
import type { Role } from "../layers/contract.ts";
import type { Registry } from "../layers/registry.ts";
import type { Flat, FlatScope } from "./flatten.ts";
import type { Problem } from "./types.ts";

const ends: readonly Role[] = ["loss", "metric", "output"];

/**
 * What is inserted before a loss, a metric or an output is inserted before all of them that read the same output:
 * an accuracy measured behind another, untrained layer than the loss would be no accuracy at all.
 */
export function insertOnce(flat: Flat, registry: Registry, problems: readonly Problem[]): Problem[] {
  const wires = new Map<string, ReadonlyMap<string, readonly Edge[]>>();
  const wiresToEnds = (graph: string) => {
    let known = wires.get(graph);
    if (!known) wires.set(graph, (known = endWires(flat.scopes.get(graph), registry)));
    return known;
  };
  return problems.map((problem) => {
    const { graph, node } = problem.place;
    const { mend } = problem;
    if (node === undefined || !mend?.edits.some((edit) => edit.kind === "insert") || !wiresToEnds(graph).has(node)) return problem;
    const edits = mend.edits.map((edit) => {
      if (edit.kind !== "insert") return edit;
      const sources = new Set(edit.edges.map((edge) => edge.from));
      return { ...edit, edges: [...wiresToEnds(graph).values()].flat().filter((edge) => sources.has(edge.from)) };
    });
    return { ...problem, mend: { ...mend, edits } };
  });
}

/** The wires that arrive at each loss, metric and output of one graph. */
function endWires(scope: FlatScope | undefined, registry: Registry): ReadonlyMap<string, readonly Edge[]> {
  const found = new Map<string, readonly Edge[]>();
  for (const { id, type } of scope?.order.nodes ?? []) {
    if (ends.includes(registry.get(type)?.role ?? "layer"))
      found.set(
        id,
        (scope?.order.arriving.get(id) ?? []).map((arrival) => arrival.edge),
      );
  }
  return found;
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
