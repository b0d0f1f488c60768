/** When phases take turns: over the whole run, or from the step where one begins to the step before its end. */
export interface Taking {
  /** Steps in turn. */
  readonly steps: number;
  readonly begin?: number;
  readonly end?: number;
}

/** A stretch of the run in which the same phases take turns, over and over. */
export interface Stage {
  readonly from: number;
  /** The step after its last; infinite for the last stage. */
  readonly to: number;
  /** Indices of the phases. */
  readonly phases: readonly number[];
  /** Steps until every one has had its turn; 0 if there is none. */
  readonly cycle: number;
}

/** The stages of a run, in order; together they cover every step from 0 on. */
export function stagesOf(phases: readonly Taking[]): Stage[] {
  const edges = [...new Set([0, ...phases.flatMap(({ begin = 0, end = 0 }) => [begin, end])])].sort((a, b) => a - b);
  return edges.map((from, i) => {
    const taking = [...phases.keys()].filter((index) => {
      const { begin = 0, end = Number.POSITIVE_INFINITY } = phases[index] as Taking;
      return begin <= from && from < end;
    });
    const cycle = taking.reduce((sum, index) => sum + (phases[index]?.steps ?? 0), 0);
    return { from, to: edges[i + 1] ?? Number.POSITIVE_INFINITY, phases: taking, cycle };
  });
}

/** Steps until no phase takes a turn any more; infinite if one never ends. */
export function lastStep(phases: readonly Taking[]): number {
  const last = stagesOf(phases).findLast(({ cycle }) => cycle > 0);
  return last?.to ?? 0;
}
