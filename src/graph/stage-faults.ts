import { stagesOf, type Taking } from "./stages.ts";

/** What is wrong with the steps between which phases take turns, in words for people. */
export function stageFaults(
  phases: readonly (Taking & { readonly name: string })[],
  stop: { readonly steps?: number | undefined } = {},
): { readonly code: string; readonly message: string }[] {
  const reversed = phases.find(({ begin = 0, end }) => end !== undefined && end <= begin);
  if (reversed) {
    const { name, begin = 0, end } = reversed;
    return [{ code: "phase-never-begins", message: `${name} is to end at step ${end}, but begins at step ${begin} only: let it end later.` }];
  }
  // A run ends where its last phase does, unless it was asked to go on.
  const until = stop.steps ?? stagesOf(phases).findLast(({ cycle }) => cycle > 0)?.to ?? 0;
  const idle = stagesOf(phases).find(({ cycle, from }) => cycle === 0 && from < until);
  if (idle === undefined) return [];
  const span = idle.to < until ? `From step ${idle.from} to step ${idle.to}` : `From step ${idle.from} on`;
  return [{ code: "no-phase", message: `${span} no phase takes a turn: let one begin earlier or end later, or shorten the run.` }];
}
