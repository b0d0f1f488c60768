import type { NetloomDocument } from "../document/schema.ts";
import type { Flat } from "./flatten.ts";
import type { Problem } from "./types.ts";

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
