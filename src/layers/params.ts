import { z } from "zod";

/**
 * The kinds of parameters that layers have. Each is a zod schema that carries what the inspector shows
 * (title, one-line help), so that form, check and JSON Schema come from one place.
 */

interface Shown {
  /** One line: what it does, in which unit. */
  readonly help: string;
  /** Label in the inspector; by default the parameter's own name, capitalised. */
  readonly title?: string;
}

/** A whole number. */
export const int = (at: Shown & { min?: number; max?: number; default: number }) =>
  z
    .int()
    .min(at.min ?? 1)
    .max(at.max ?? 1_000_000)
    .default(at.default)
    .meta(shown(at));

/** A real number. */
export const real = (at: Shown & { min?: number; max?: number; default: number }) =>
  z
    .number()
    .min(at.min ?? -1e9)
    .max(at.max ?? 1e9)
    .default(at.default)
    .meta(shown(at));

/** One of a few words. The first is the default unless another is named. */
export const choice = <const T extends readonly [string, ...string[]]>(options: T, at: Shown & { default?: T[number] }) =>
  z
    .enum(options)
    .default((at.default ?? options[0]) as never)
    .meta(shown(at));

export const flag = (at: Shown & { default?: boolean }) =>
  z
    .boolean()
    .default(at.default ?? false)
    .meta(shown(at));

/** A short text. */
export const text = (at: Shown & { default?: string; max?: number }) =>
  z
    .string()
    .max(at.max ?? 200)
    .default(at.default ?? "")
    .meta(shown(at));

/** A list of whole numbers: shapes, permutations. */
export const ints = (at: Shown & { min?: number; max?: number; length?: [number, number]; default: number[] }) =>
  z
    .array(
      z
        .int()
        .min(at.min ?? 0)
        .max(at.max ?? 1_000_000),
    )
    .min(at.length?.[0] ?? 0)
    .max(at.length?.[1] ?? 8)
    .default(at.default)
    .meta(shown(at));

/** One number for every axis, or one for each: `3` or `[3, 5]`. `perAxis` reads it. */
export const extent = (at: Shown & { axes: number; min?: number; max?: number; default: number }) => {
  const one = z
    .int()
    .min(at.min ?? 1)
    .max(at.max ?? 10_000);
  return z
    .union([one, z.array(one).length(at.axes)])
    .default(at.default)
    .meta(shown(at));
};

/** Reads an `extent` as one number for each of `axes` axes. */
export const perAxis = (value: number | readonly number[], axes: number): number[] =>
  typeof value === "number" ? Array<number>(axes).fill(value) : [...value];

/** `3` or `3 × 5`, for summaries. */
export const formatExtent = (value: number | readonly number[]): string => (typeof value === "number" ? `${value}` : value.join(" × "));

const shown = ({ help, title }: Shown) => (title === undefined ? { description: help } : { description: help, title });

/** What the start values of a kernel are multiplied by. */
export const gainParam = real({
  min: 0,
  max: 100,
  default: 1,
  help: "Multiplies the start values. FixUp sets L^(−1/(2m−2)) in each of L residual blocks of m layers.",
});
