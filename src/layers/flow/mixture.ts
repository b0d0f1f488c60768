import * as tf from "@tensorflow/tfjs-core";

/**
 * Gaussians with covariances Σ = L D² Lᵀ, L unit lower triangular: any numbers make a valid one. K components of d features.
 * The triangle's entries lie row by row: (1,0), (2,0), (2,1), …
 */
export interface Mixture {
  /** Logarithms of the components' shares λ, up to a constant: `[K]`. */
  readonly logits: tf.Tensor;
  /** `[K, d]`. */
  readonly means: tf.Tensor;
  /** Logarithms of D's diagonal: `[K, d]`. */
  readonly logDeviations: tf.Tensor;
  /** Entries of L below its diagonal: `[K, d(d−1)/2]`; undefined where all are 0. */
  readonly lower: tf.Tensor | undefined;
}

/** Row and column of every entry below the diagonal. */
export const lowerPairs = (features: number): readonly (readonly [row: number, column: number])[] =>
  Array.from({ length: features }, (_, row) => Array.from({ length: row }, (_, column) => [row, column] as const)).flat();

/** The last axis taken apart. tfjs's unstack has no gradient where there is one piece only. */
const columns = (x: tf.Tensor): tf.Tensor[] => {
  const [size, rest] = [x.shape.at(-1) as number, x.shape.slice(0, -1)];
  const pieces = size === 1 ? [x] : tf.split(x, size, -1);
  return pieces.map((piece) => tf.reshape(piece, rest));
};

/** The opposite: tensors of one shape along a new last axis. */
const beside = (pieces: readonly tf.Tensor[]): tf.Tensor => {
  const columns = pieces.map((piece) => tf.reshape(piece, [...piece.shape, 1]));
  return columns.length === 1 ? (columns[0] as tf.Tensor) : tf.concat(columns, (columns[0] as tf.Tensor).rank - 1);
};

/** L⁻¹ v for every point and component, by forward substitution: `[batch, K, d]`. */
export function solved(vectors: tf.Tensor, lower: tf.Tensor): tf.Tensor {
  const features = vectors.shape[2] as number;
  const pairs = lowerPairs(features);
  const entry = columns(lower);
  const done: tf.Tensor[] = [];
  for (const [row, value] of columns(vectors).entries())
    done.push(
      pairs.reduce((rest, [r, column], at) => (r === row ? tf.sub(rest, tf.mul(entry[at] as tf.Tensor, done[column] as tf.Tensor)) : rest), value),
    );
  return beside(done);
}

/**
 * The M-step: the mixture that makes Σ r_ik log Pr(x_i, k) largest. Shares are mean responsibilities, means and covariances weighted ones.
 * @param given responsibilities `[batch, K]`; negative ones count as 0
 */
export function fitted(x: tf.Tensor, given: tf.Tensor, { full, floor }: { readonly full: boolean; readonly floor: number }): Mixture {
  const [, features] = x.shape as [number, number];
  const components = given.shape[1] as number;
  const responsibilities = tf.relu(given);
  const weight = tf.add(tf.sum(responsibilities, 0), 1e-6);
  const means = tf.div(tf.matMul(responsibilities as tf.Tensor2D, x as tf.Tensor2D, true, false), tf.reshape(weight, [components, 1]));
  const away = columns(tf.sub(tf.reshape(x, [-1, 1, features]), tf.reshape(means, [1, components, features])));
  const covariance = (i: number, j: number): tf.Tensor => {
    const moment = tf.div(tf.sum(tf.mul(responsibilities, tf.mul(away[i] as tf.Tensor, away[j] as tf.Tensor)), 0), weight);
    return i === j ? tf.add(moment, floor) : moment;
  };
  const variances: tf.Tensor[] = [];
  const lower: tf.Tensor[] = [];
  const pairs = lowerPairs(features);
  const l = (row: number, column: number) => lower[pairs.findIndex(([r, c]) => r === row && c === column)] as tf.Tensor;
  for (let row = 0; row < features; row++) {
    let rest = covariance(row, row);
    for (let column = 0; full && column < row; column++) {
      let entry = covariance(row, column);
      for (let k = 0; k < column; k++) entry = tf.sub(entry, tf.mul(tf.mul(l(row, k), l(column, k)), variances[k] as tf.Tensor));
      lower.push(tf.div(entry, variances[column] as tf.Tensor));
      rest = tf.sub(rest, tf.mul(tf.square(l(row, column)), variances[column] as tf.Tensor));
    }
    variances.push(tf.maximum(rest, floor / 2));
  }
  return {
    // Responsibilities are not negative; an untrained network's may be.
    logits: tf.log(weight),
    means,
    logDeviations: tf.mul(tf.log(beside(variances)), 0.5),
    lower: full && lower.length > 0 ? beside(lower) : undefined,
  };
}
