import * as problems from "./problems.ts";
import type { FlatNode, Problem, Source } from "./types.ts";

/** Nodes that take the gradient of something by a tensor on which it does not depend. */
export function derivativeProblems(nodes: readonly FlatNode[]): Problem[] {
  return nodes.flatMap((node) => {
    const { of, by } = node.layer.differentiates ?? {};
    if (of === undefined || by === undefined) return [];
    const from = node.inputs[of]?.[0];
    const to = node.inputs[by]?.[0];
    if (!from || !to || dependsOn(nodes, from, to)) return [];
    return [problems.noDerivative(node.place, node.path, of, by)];
  });
}

const same = (a: Source, b: Source): boolean => a.node === b.node && a.port === b.port;

/** Whether some way leads from one output to another. */
function dependsOn(nodes: readonly FlatNode[], value: Source, on: Source): boolean {
  if (same(value, on)) return true;
  const seen = new Set([value.node]);
  const waiting = [value.node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const source of Object.values(nodes[at]?.inputs ?? {}).flat()) {
      if (same(source, on)) return true;
      if (seen.has(source.node)) continue;
      seen.add(source.node);
      waiting.push(source.node);
    }
  }
  return false;
}
