import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

/** What a kernel gives, without numbers. `as` says that the numbers are an input's own, under another shape. */
export interface Outline {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly as?: TensorInfo;
}

/**
 * A kernel as a function of shapes and types alone.
 * @returns undefined for a case that it does not know
 */
export type ShapeRule = (inputs: Readonly<Record<string, TensorInfo>>, attrs: object) => Outline | readonly Outline[] | undefined;

/** A rule with exact types; they are forgotten here, as tfjs's registry forgets them. */
export function defineRule<Input extends string, Attrs>(
  run: (inputs: Readonly<Record<Input, TensorInfo>>, attrs: Attrs) => Outline | readonly Outline[] | undefined,
): ShapeRule {
  return (inputs, attrs) => run(inputs as Readonly<Record<Input, TensorInfo>>, attrs as Attrs);
}

export type ShapeRules = Readonly<Record<string, ShapeRule>>;

/** One rule for many kernels. */
export const forAll = (names: string, rule: ShapeRule): ShapeRules => Object.fromEntries(names.split(" ").map((name) => [name, rule]));

/** The only input, or the first: most kernels call it `x`, some `input`, `logits`, `images` … */
export function firstOf(inputs: Readonly<Record<string, TensorInfo>>): TensorInfo {
  const first = Object.values(inputs)[0];
  if (first === undefined) throw new Error("A kernel was called without its input.");
  return first;
}
