import type { Program, Variable } from "../compiler/compile.ts";
import type { Plan } from "../compiler/plan.ts";
import type { PlannedPhase, Target, TrainingPlan } from "../graph/training.ts";
import type { WeightSpec } from "../layers/contract.ts";
import { type Following, followingOf } from "./averages.ts";
import { type Constraint, constraintsOn } from "./constraints.ts";
import { createOptimiser, type Optimiser } from "./optimisers.ts";
import { updatesOf } from "./turns.ts";

/** A phase, ready to run: what it computes, which variables it moves, and the optimiser that moves them. */
export interface Phase {
  readonly name: string;
  /** Its first target is the scalar to minimise, the others are losses on the way to it, worth showing. */
  readonly plan: Plan;
  /** Indices of the variables that it moves. */
  readonly moves: readonly number[];
  /** What those variables are like. */
  readonly specs: readonly WeightSpec[];
  /** Bounds of each of them. */
  readonly constraints: readonly (readonly Constraint[])[];
  readonly optimiser: Optimiser;
  /** Averages of weights that follow after each of its steps. */
  readonly averages: readonly Following[];
  readonly planned: PlannedPhase;
  /** Updates that this phase makes in the whole run: where its schedule ends. */
  readonly updates: number;
}

/** True if a weight belongs to one of the names: a node, a block instance or a shared name. */
const belongs = ({ weightKey }: Variable, names: readonly string[] | undefined): boolean =>
  names === undefined || names.some((name) => weightKey === name || weightKey.startsWith(`${name}/`));

/**
 * Compiles every phase of a plan for a run of so many steps. The optimisers' slots are tensors: dispose of them.
 * @param makeOptimiser how an optimiser is made; by default with slots of zeros
 */
export function createPhases(program: Program, plan: TrainingPlan, steps: number, makeOptimiser: typeof createOptimiser = createOptimiser): Phase[] {
  const updates = updatesOf(plan.phases, steps);
  const averages = followingOf(program.variables, plan.averages);
  const following = new Set(averages.map(({ to }) => to));
  return plan.phases.map((planned, index) => {
    const compiled = program.plan(withLossesBehind(program, planned.minimise, plan.losses));
    const moves = compiled.variables.filter((index) => {
      const variable = program.variables[index];
      return variable !== undefined && variable.spec.trainable !== false && belongs(variable, planned.update) && !following.has(index);
    });
    const moved = moves.flatMap((index) => program.variables[index] ?? []);
    const specs = moved.map(({ spec }) => spec);
    const constraints = moved.map((variable) => constraintsOn(planned.constrain ?? [], variable.spec, (names) => belongs(variable, names)));
    const optimiser = makeOptimiser(planned.optimiser, specs, constraints);
    return { name: planned.name, plan: compiled, moves, specs, constraints, optimiser, averages, planned, updates: updates[index] ?? 0 };
  });
}

/** The objective, and those losses that are computed on the way to it anyway. */
function withLossesBehind(program: Program, minimise: Target, losses: readonly Target[]): Target[] {
  const behind = new Set(program.plan([minimise]).steps.map((step) => step.node.path));
  return [minimise, ...losses.filter(({ path }) => path !== minimise.path && behind.has(path))];
}
