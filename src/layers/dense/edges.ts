import type { Dim, Shape } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";
import { perAxis } from "../params.ts";

/** Amounts before and after along each spatial axis of a signal (rank 3) or image (rank 4), for pad and crop. */
export function edges(before: number | readonly number[], after: number | readonly number[], rank: number): [number, number][] {
  const first = perAxis(before, 2);
  const last = perAxis(after, 2);
  return Array.from({ length: rank - 2 }, (_, i) => [first[i] ?? 0, last[i] ?? 0]);
}

/** The shape with each spatial axis resized, or why an axis cannot be: `resize` gets its size, the amounts, and its number. */
export function resized(
  shape: Shape,
  rim: readonly (readonly [first: number, last: number])[],
  resize: (size: number, first: number, last: number, axis: number) => number | LayerProblem,
): Dim[] | LayerProblem {
  const out = [...shape];
  for (const [i, [first, last]] of rim.entries()) {
    const size = shape[i + 1];
    if (typeof size !== "number") return problem("A spatial axis has no fixed size.", { port: "x", expected: "a number", received: `${size}` });
    const next = resize(size, first, last, i + 1);
    if (typeof next !== "number") return next;
    out[i + 1] = next;
  }
  return out;
}

export const edgeSummary = (before: number | readonly number[], after: number | readonly number[]): string =>
  `${[before].flat().join("×")} · ${[after].flat().join("×")}`;
