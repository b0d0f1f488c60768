import type { NetloomDocument } from "../document/schema.ts";
import type { Role } from "../layers/contract.ts";
import type { Registry } from "../layers/registry.ts";
import type { Flat } from "./flatten.ts";
import type { Problem } from "./types.ts";

const ends: readonly Role[] = ["loss", "metric", "output"];

/**
 * What is inserted before a loss, a metric or an output is inserted before all of them that read the same output:
 * an accuracy measured behind another, untrained layer than the loss would be no accuracy at all.
 */
export function insertOnce(flat: Flat, registry: Registry, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    const { graph, node } = problem.place;
    const order = flat.scopes.get(graph)?.order;
    if (!order || !problem.mend) return problem;
    const isEnd = new Map(order.nodes.map(({ id, type }) => [id, ends.includes(registry.get(type)?.role ?? "layer")]));
    if (!node || !isEnd.get(node)) return problem;
    const edits = problem.mend.edits.map((edit) => {
      if (edit.kind !== "insert") return edit;
      const sources = new Set(edit.edges.map((edge) => edge.from));
      const beside = [...order.arriving].filter(([id]) => isEnd.get(id)).flatMap(([, arrivals]) => arrivals.map((arrival) => arrival.edge));
      return { ...edit, edges: beside.filter((edge) => sources.has(edge.from)) };
    });
    return { ...problem, mend: { ...problem.mend, edits } };
  });
}

/**
 * Remedies for unconnected ports: where exactly one output of the same graph bears the port's name (a data set's
 * `label` for a loss's `label`), offer to connect it.
 */
export function suggestConnections(document: NetloomDocument, flat: Flat, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    const { graph, node, port } = problem.place;
    if (problem.code !== "unconnected" || problem.mend || !node || !port) return problem;
    const scope = flat.scopes.get(graph);
    if (!scope) return problem;
    const candidates = [...scope.outputs.keys(), ...(document.blocks?.[graph]?.inputs.map((input) => `in.${input.name}`) ?? [])].filter(
      (end) => end.endsWith(`.${port}`) && !end.startsWith(`${node}.`),
    );
    const [from] = candidates;
    if (from === undefined || candidates.length !== 1) return problem;
    return {
      ...problem,
      mend: { label: `Connect ${from}`, edits: [{ kind: "connect", graph, edge: { from, to: `${node}.${port}` }, replace: true }] },
    };
  });
}
