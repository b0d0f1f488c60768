import type { Series } from "./curves.ts";

/**
 * The exponential moving average without its start-up bias (as Adam corrects its moments, and as TensorBoard draws):
 * `m ← w·m + (1 − w)·v`, shown as `m / (1 − wⁿ)`. Weight 0 leaves the values as they are. Values that are not
 * finite pass through and do not disturb the average.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let count = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    mean = weight * mean + (1 - weight) * value;
    count++;
    return mean / (1 - weight ** count);
  });
}

/**
 * At most about `limit` points of a series: of each bucket its lowest and its highest in their order, so that spikes
 * stay to be seen. The first and last points are always kept.
 */
export function decimate(series: Series, limit: number): Series {
  const length = series.steps.length;
  if (length <= limit || limit < 4) return series;
  const buckets = Math.floor(limit / 2);
  const steps: number[] = [];
  const values: number[] = [];
  let last = -1;
  const take = (index: number) => {
    if (index <= last) return;
    last = index;
    steps.push(series.steps[index] as number);
    values.push(series.values[index] as number);
  };
  take(0);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if ((series.values[i] as number) < (series.values[low] as number)) low = i;
      if ((series.values[i] as number) > (series.values[high] as number)) high = i;
    }
    take(Math.min(low, high));
    take(Math.max(low, high));
  }
  take(length - 1);
  return { steps, values };
}

/** Series over one common axis: all their steps, sorted; `null` where a series has no value (uPlot's aligned data). */
export function align(all: readonly Series[]): { steps: number[]; columns: (number | null)[][] } {
  const steps = [...new Set(all.flatMap((series) => series.steps))].sort((a, b) => a - b);
  const index = new Map(steps.map((step, i) => [step, i]));
  const columns = all.map((series) => {
    const column = new Array<number | null>(steps.length).fill(null);
    series.steps.forEach((step, i) => {
      const value = series.values[i] as number;
      column[index.get(step) as number] = Number.isFinite(value) ? value : null;
    });
    return column;
  });
  return { steps, columns };
}
