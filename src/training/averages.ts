import * as tf from "@tensorflow/tfjs-core";
import type { Average } from "../document/schema.ts";
import { counterpart } from "../graph/averages.ts";
import { isWithin } from "../graph/names.ts";
import type { Variable } from "../graph/variables.ts";

/** A variable that follows another, by their indices. */
export interface Following {
  readonly of: number;
  readonly to: number;
  readonly decay: number;
}

/** The pairs of variables that averages name; running statistics are averaged like all other weights. */
export function followingOf(variables: readonly Variable[], averages: readonly Average[]): Following[] {
  const indices = new Map(variables.map(({ name }, index) => [name, index] as const));
  return averages.flatMap(({ of, to, decay }) =>
    variables.flatMap(({ name }, index) => {
      const source = isWithin(name, to) ? indices.get(counterpart(name, to, of)) : undefined;
      return source === undefined ? [] : [{ of: source, to: index, decay }];
    }),
  );
}

/** w' ← λ·w' + (1 − λ)·w (Polyak and Juditsky 1992 with exponential weights). Call it inside a tidy. */
export const follow = (average: tf.Tensor, weight: tf.Tensor, decay: number): tf.Tensor => tf.add(tf.mul(average, decay), tf.mul(weight, 1 - decay));
