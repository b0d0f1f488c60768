import { type BackendName, type BackendOptions, prepareBackend } from "./backends.ts";
import { type Timing, timeWorkload, workloads } from "./workload.ts";

/**
 * Which backend is quickest is measured, never guessed from names: a "graphics card" may be software, and small networks
 * run best on the processor. So each backend trains a small and a large network for a moment.
 */

export type BackendMeasure =
  | { readonly name: BackendName; readonly ok: true; readonly small: Timing; readonly large: Timing }
  /** Why it cannot be used here, in words. */
  | { readonly name: BackendName; readonly ok: false; readonly reason: string };

/** Milliseconds of a step of the small network beyond which the large one is not tried: it would take too long. */
const hopeless = 400;

/**
 * Measures one backend after the other, each about a second at most. Leaves the last one that works in use; no tensor stays.
 */
export async function measureBackends(candidates: readonly BackendName[], options: BackendOptions = {}): Promise<BackendMeasure[]> {
  const measures: BackendMeasure[] = [];
  for (const name of candidates) measures.push(await measureBackend(name, options));
  return measures;
}

/** Prepares a backend and measures it. A failure is an answer, not an error. */
export async function measureBackend(name: BackendName, options: BackendOptions = {}): Promise<BackendMeasure> {
  try {
    await prepareBackend(name, options);
    const small = await timeWorkload(workloads.small);
    if (small.milliseconds > hopeless) {
      const scale = workloads.large.multiplyAdds / workloads.small.multiplyAdds;
      return { name, ok: true, small, large: { milliseconds: small.milliseconds * scale, multiplyAdds: workloads.large.multiplyAdds } };
    }
    return { name, ok: true, small, large: await timeWorkload(workloads.large) };
  } catch (error) {
    return { name, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * About how many milliseconds a training step takes: the line through both measurements, a fixed cost and one that grows.
 * @param multiplyAdds of a forward pass of the whole batch; by default between the small and the large network
 */
export function estimateStep(measure: BackendMeasure, multiplyAdds: number = typicalWork): number {
  if (!measure.ok) return Number.POSITIVE_INFINITY;
  const { small, large } = measure;
  const perMultiplyAdd = Math.max(0, large.milliseconds - small.milliseconds) / (large.multiplyAdds - small.multiplyAdds);
  return small.milliseconds + perMultiplyAdd * Math.max(0, multiplyAdds - small.multiplyAdds);
}

const typicalWork = Math.sqrt(workloads.small.multiplyAdds * workloads.large.multiplyAdds);

/** The measures from the quickest to the slowest; those that failed are left out. */
export const rankBackends = (measures: readonly BackendMeasure[], multiplyAdds?: number): BackendMeasure[] =>
  measures.filter(({ ok }) => ok).sort((a, b) => estimateStep(a, multiplyAdds) - estimateStep(b, multiplyAdds));

/**
 * The quickest backend for a network of this size; undefined if none works.
 * @param multiplyAdds of a forward pass of the whole batch
 */
export const chooseBackend = (measures: readonly BackendMeasure[], multiplyAdds?: number): BackendName | undefined =>
  rankBackends(measures, multiplyAdds)[0]?.name;
