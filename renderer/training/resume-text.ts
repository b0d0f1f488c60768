import { formatCount } from "./format.ts";

/** Words for going on with a run and for beginning one: a run goes on with its own document, whatever is on the canvas now. */

/** @param stale the open document is no longer the run's */
export const resumeLabel = (stale: boolean): string => (stale ? "Resume as trained" : "Resume");

/** @param step where the run stands, if that is known */
export function resumeHelp(step: number | undefined, stale: boolean): string {
  const from = step === undefined ? "" : ` from step ${formatCount(step)}`;
  return stale
    ? `Goes on${from} with the graph as this run trained it, not with what is on the canvas now. Train, top right, begins a new run of that.`
    : `Goes on${from} with the graph and the settings that this run began with`;
}

export const trainHelp = (stale: boolean): string =>
  stale ? "Begins a new run of the graph as it is on the canvas now" : "Begins a new run of this graph from the start";
