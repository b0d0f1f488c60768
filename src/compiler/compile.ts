import type { Checked } from "../graph/types.ts";
import { type Variable, variablesOf } from "../graph/variables.ts";
import { createPlan, type Plan, type Target } from "./plan.ts";

export type { Variable } from "../graph/variables.ts";

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
  const variables = variablesOf(checked);
  const variableIndex = new Map(variables.map(({ name }, i) => [name, i]));
  return { checked, variables, variableIndex, plan: (targets) => createPlan(checked, variableIndex, targets) };
}
