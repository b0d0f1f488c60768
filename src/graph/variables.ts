import type { WeightSpec } from "../layers/contract.ts";
import type { Checked } from "./types.ts";

/** A weight of a program. Nodes that share weights share variables: each is listed once. */
export interface Variable {
  /** `weightKey + "/" + weight`: `"conv1/kernel"`. Its name in checkpoints and exports. */
  readonly name: string;
  readonly weightKey: string;
  readonly weight: string;
  readonly spec: WeightSpec;
  /** Path of the first node that has it, for messages. */
  readonly path: string;
}

/** The weights of a checked graph, in its order; of nodes that have a problem none are known. */
export function variablesOf({ nodes, facts }: Pick<Checked, "nodes" | "facts">): readonly Variable[] {
  const variables = new Map<string, Variable>();
  for (const [i, { weightKey, path }] of nodes.entries()) {
    for (const [weight, spec] of Object.entries(facts[i]?.weights ?? {})) {
      const name = `${weightKey}/${weight}`;
      if (spec !== undefined && !variables.has(name)) variables.set(name, { name, weightKey, weight, spec, path });
    }
  }
  return [...variables.values()];
}
