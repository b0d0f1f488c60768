import { perAxis } from "../params.ts";

/** Amounts before and after along each spatial axis of a signal (rank 3) or image (rank 4), for pad and crop. */
export function edges(before: number | readonly number[], after: number | readonly number[], rank: number): [number, number][] {
  const first = perAxis(before, 2);
  const last = perAxis(after, 2);
  return Array.from({ length: rank - 2 }, (_, i) => [first[i] ?? 0, last[i] ?? 0]);
}

export const edgeSummary = (before: number | readonly number[], after: number | readonly number[]): string =>
  `${[before].flat().join("×")} · ${[after].flat().join("×")}`;
