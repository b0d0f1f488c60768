export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Median milliseconds of `repeats` runs. */
export function time(repeats: number, run: () => void): number {
  return median(
    Array.from({ length: repeats }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}

/** Milliseconds a step, over steps until so much time has gone, two at least. */
export function timeRound(step: () => void, milliseconds: number): number {
  const start = performance.now();
  let steps = 0;
  let end = start;
  do {
    step();
    steps++;
    end = performance.now();
  } while (steps < 2 || end - start < milliseconds);
  return (end - start) / steps;
}

/** Lets a thread that still waits for work after another round go to sleep, and the event loop turn. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A figure with three digits. */
export const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The median with half the range beside it: `12.3 ± 4 %`. */
export function spread(values: readonly number[]): string {
  const middle = median(values);
  return `${digits(middle)} ± ${((50 * (Math.max(...values) - Math.min(...values))) / middle).toFixed(0)} %`;
}
