/**
 * Sizes in an exported graph. The number of examples is not known, so a size is a number or `times · batch + plus`,
 * found by running the program with two batch sizes and drawing the line through both.
 */

export interface BatchExtent {
  readonly times: number;
  readonly plus: number;
}
export type Extent = number | BatchExtent;

/** The batch sizes of the two runs. Neighbours, so that the line's slope and offset are whole numbers. */
export const batches = [2, 3] as const;

/** The size that was `first` with two examples and `second` with three. */
export const extentOf = (first: number, second: number): Extent =>
  first === second ? first : { times: second - first, plus: first - batches[0] * (second - first) };

export const sameExtent = (a: Extent, b: Extent): boolean =>
  typeof a === "number" || typeof b === "number" ? a === b : a.times === b.times && a.plus === b.plus;

export const sameShape = (a: readonly Extent[], b: readonly Extent[]): boolean =>
  a.length === b.length && a.every((extent, axis) => sameExtent(extent, b[axis] ?? -1));

export const isFixed = (extents: readonly Extent[]): extents is readonly number[] => extents.every((extent) => typeof extent === "number");

/** The size of the batch itself. */
export const isBatch = (extent: Extent): boolean => typeof extent !== "number" && extent.times === 1 && extent.plus === 0;
