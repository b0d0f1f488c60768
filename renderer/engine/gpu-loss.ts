import type { SessionData } from "../training/store.ts";

/** What the browsers and tfjs say when the graphics device is taken away: another driver, a crash, sleep, no memory. */
const words =
  /context.*lost|lost.*context|device.*lost|lost.*device|device is destroyed|unable to create webgl|gpu process|failed to compile.*shader|contextlost/i;

/** The run failed because its graphics device is gone, not because of the graph: on a new device it can go on. */
export function lostDevice({ state, failure, run }: Pick<SessionData, "state" | "failure" | "run">): boolean {
  return state === "failed" && failure !== undefined && run !== undefined && /^web(gl|gpu)/i.test(run.backend) && words.test(failure.message);
}
