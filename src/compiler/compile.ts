import type { Checked } from "../graph/types.ts";
import type { WeightSpec } from "../layers/contract.ts";
import { createPlan, type Plan, type Target } from "./plan.ts";

/** A weight of the program. Nodes that share weights share variables: each is listed once. */
export interface Variable {
  /** `weightKey + "/" + weight`: `"conv1/kernel"`. Its name in checkpoints and exports. */
  readonly name: string;
  readonly weightKey: string;
  readonly weight: string;
  readonly spec: WeightSpec;
  /** Path of the first node that has it, for messages. */
  readonly path: string;
}

/** A checked graph, ready to be run for any targets. It holds no tensors. */
export interface Program {
  readonly checked: Checked;
  readonly variables: readonly Variable[];
  /** Index into `variables` by name. */
  readonly variableIndex: ReadonlyMap<string, number>;
  /**
   * The steps that compute the targets, and no others.
   * @throws NodeFailure if a target does not exist, or something that it needs has a problem.
   */
  plan(targets: readonly Target[]): Plan;
}

/** Lists the weights of a checked graph and makes plans for parts of it. */
export function compile(checked: Checked): Program {
  const variables: Variable[] = [];
  const variableIndex = new Map<string, number>();
  checked.nodes.forEach((node, i) => {
    for (const [weight, spec] of Object.entries(checked.facts[i]?.weights ?? {})) {
      const name = `${node.weightKey}/${weight}`;
      if (spec === undefined || variableIndex.has(name)) continue;
      variableIndex.set(name, variables.length);
      variables.push({ name, weightKey: node.weightKey, weight, spec, path: node.path });
    }
  });
  return { checked, variables, variableIndex, plan: (targets) => createPlan(checked, variableIndex, targets) };
}
