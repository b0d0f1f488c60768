import * as tf from "@tensorflow/tfjs-core";
import type { Constraint as ConstraintSpec } from "../document/schema.ts";
import type { WeightSpec } from "../layers/contract.ts";
import { rng } from "../tensor/random.ts";

/** A tensor that is remembered of a weight from update to update. It starts at zero. */
export interface SlotSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Keeps a weight within bounds after each update, as a pure formula: weight and slots in, weight and slots out. */
export interface Constraint {
  readonly slots: readonly SlotSpec[];
  /** Call it inside a tidy. */
  apply(weight: tf.Tensor, slots: readonly tf.Tensor[]): { readonly weight: tf.Tensor; readonly slots: readonly tf.Tensor[] };
}

/** What a phase's constraints come to for one of its weights. @param isNamed whether the weight belongs to one of the names */
export function constraintsOn(specs: readonly ConstraintSpec[], weight: WeightSpec, isNamed: (names: readonly string[]) => boolean): Constraint[] {
  return specs.flatMap((spec, index) => {
    if (spec.nodes !== undefined && !isNamed(spec.nodes)) return [];
    if (spec.type === "clip") return [clip(spec.most)];
    return isMatrix(weight) ? [spectral(spec.most, weight.shape, `spectral-${index}`)] : [];
  });
}

/** Weights that have singular values: matrices, and kernels as the matrices that they are multiplied as. */
export const isMatrix = ({ shape }: Pick<WeightSpec, "shape">): boolean => shape.length >= 2;

/** w ← max(−c, min(c, w)) (Arjovsky et al. 2017, algorithm 1). */
const clip = (most: number): Constraint => ({ slots: [], apply: (weight) => ({ weight: tf.clipByValue(weight, -most, most), slots: [] }) });

/** Rounds of power iteration after an update: the vector goes on from the update before, whose matrix was nearly the same. */
const rounds = 3;
/** A matrix of zeros, or one that is orthogonal to the vector, must not stop the iteration for ever. */
const nudge = 1e-6;

/**
 * W ← W · c/max(c, σ) with σ, the largest singular value of W as a matrix [inputs · window, outputs], by power iteration:
 * u ← Wv/‖Wv‖, v ← Wᵀu/‖Wᵀu‖, σ = ‖Wᵀu‖ (Miyato et al. 2018, algorithm 1; here the weight itself is divided, and only if it is too large).
 * The slot holds v as its difference from where it starts, a fixed random direction, so that it begins at zero.
 */
function spectral(most: number, shape: readonly number[], name: string): Constraint {
  const columns = shape.at(-1) ?? 1;
  const start = rng(0, "spectral", columns).fillNormal(new Float32Array(columns));
  const length = Math.hypot(...start);
  return {
    slots: [{ name, shape: [columns] }],
    apply(weight, [slot]) {
      const matrix = tf.reshape(weight, [-1, columns]);
      const first = tf.tensor(
        start.map((value) => value / length),
        [columns, 1],
      );
      let v = tf.add(tf.reshape(slot as tf.Tensor, [columns, 1]), first);
      let sigma: tf.Tensor = tf.scalar(0);
      for (let round = 0; round < rounds; round++) {
        const u = normalised(tf.matMul(matrix, v as tf.Tensor2D));
        const image = tf.matMul(matrix, u as tf.Tensor2D, true);
        sigma = norm(image);
        v = normalised(tf.add(image, tf.mul(first, nudge)));
      }
      return {
        weight: tf.mul(weight, tf.div(most, tf.maximum(sigma, most))),
        slots: [tf.reshape(tf.sub(v, first), [columns])],
      };
    },
  };
}

const norm = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(x)));
const normalised = (x: tf.Tensor): tf.Tensor => tf.div(x, tf.add(norm(x), 1e-12));
