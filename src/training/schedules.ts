import type { Schedule } from "../document/schema.ts";

/**
 * The learning rate at a step of a phase, counted from 0.
 * - warm-up: grows linearly to the full rate over the first `warmup` steps;
 * - step: times `factor` after every `every` steps;
 * - cosine: falls from the full rate to `floor` along half a cosine (SGDR, arXiv:1608.03983, eq. 5), then stays there.
 * @param total steps that the phase will take in the whole run: where a cosine ends that does not say so itself
 */
export function learningRate(base: number, schedule: Schedule | undefined, step: number, total: number): number {
  const warmup = schedule?.warmup ?? 0;
  if (step < warmup) return (base * (step + 1)) / warmup;
  const since = step - warmup;
  switch (schedule?.type) {
    case undefined:
    case "constant":
      return base;
    case "step":
      return base * schedule.factor ** Math.floor(since / schedule.every);
    case "cosine": {
      const floor = Math.min(base, schedule.floor ?? 0);
      const length = Math.max(1, (schedule.steps ?? total) - warmup);
      return floor + ((base - floor) * (1 + Math.cos(Math.PI * Math.min(1, since / length)))) / 2;
    }
    default:
      schedule satisfies undefined;
      return base;
  }
}
