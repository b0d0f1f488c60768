import { stagesOf, type Taking } from "../graph/stages.ts";

/** Which phase has its turn at a step, and how many updates it has made before. */
export interface Turn {
  readonly phase: number;
  readonly update: number;
}

/**
 * Phases take turns of `steps` each, over and over; where one begins or ends, those that are left start again with the first.
 * @throws Error if no phase has its turn there
 */
export function turnAt(phases: readonly Taking[], step: number): Turn {
  /** Updates that each phase has made in the stages before. */
  const made = phases.map(() => 0);
  for (const stage of stagesOf(phases)) {
    const length = Math.min(stage.to, step) - stage.from;
    const rounds = stage.cycle > 0 ? Math.floor(length / stage.cycle) : 0;
    let rest = length - rounds * stage.cycle;
    for (const phase of stage.phases) {
      const { steps } = phases[phase] as Taking;
      const before = (made[phase] ?? 0) + rounds * steps;
      if (step < stage.to && rest >= 0 && rest < steps) return { phase, update: before + rest };
      made[phase] = before + Math.min(steps, Math.max(0, rest));
      rest -= steps;
    }
    if (step < stage.to) break;
  }
  throw new Error(`No phase has its turn at step ${step}.`);
}

/** Updates that each phase makes in a run of so many steps, turns that the run's or a stage's end cuts short counted whole. */
export function updatesOf(phases: readonly Taking[], steps: number): number[] {
  const updates = phases.map(() => 0);
  for (const { from, to, phases: taking, cycle } of stagesOf(phases)) {
    const rounds = Math.ceil(Math.max(0, Math.min(to, steps) - from) / Math.max(1, cycle));
    for (const phase of taking) updates[phase] = (updates[phase] ?? 0) + rounds * (phases[phase]?.steps ?? 0);
  }
  return updates;
}
