import * as tf from "@tensorflow/tfjs-core";

/**
 * Sums and maxima over the rows that bear the same index: all that a sparse graph needs. Rows are nodes or edges, features are columns;
 * indices are int32 and in range. Gradients are written out, since tfjs's own take seven kernels where one will do.
 */

type Rows = tf.Tensor2D;
type Indices = tf.Tensor1D;

/** A function of x whose gradient is written out; `saved` are the tensors that the gradient needs. */
function withGradient(
  x: tf.Tensor,
  forward: (x: Rows) => Rows,
  saved: (value: Rows) => tf.Tensor[],
  gradient: (dy: Rows, saved: tf.Tensor[]) => tf.Tensor,
): Rows {
  const custom = tf.customGrad((given, save) => {
    const value = forward(given as Rows);
    (save as tf.GradSaveFunc)(saved(value));
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => gradient(dy as Rows, kept) };
  });
  return custom(x) as Rows;
}

/** `[edges, features]` → `[count, features]`: the sum of the rows of each index, zeros where there are none. */
export const segmentSum = (x: tf.Tensor, ids: tf.Tensor, count: number): Rows =>
  withGradient(
    x,
    (rows) => tf.unsortedSegmentSum(rows, ids as Indices, count),
    () => [ids],
    (dy, [kept]) => tf.gather(dy, kept as Indices),
  );

/** Row `ids[e]` of x for each e: `[nodes, features]` → `[edges, features]`. */
export function gatherRows(x: tf.Tensor, ids: tf.Tensor): Rows {
  const count = x.shape[0] as number;
  return withGradient(
    x,
    (rows) => tf.gather(rows, ids as Indices),
    () => [ids],
    (dy, [kept]) => tf.unsortedSegmentSum(dy, kept as Indices, count),
  );
}

/** Σ over the edges that end in each node of what the node at their beginning holds: XA without a matrix A. Its gradient goes along the edges backwards. */
export function neighbourSum(x: tf.Tensor, source: tf.Tensor, target: tf.Tensor, count = x.shape[0] as number): Rows {
  return segmentSum(gatherRows(x, source), target, count);
}

/** How many rows bear each index, at least 1: `[count, 1]`. */
export const segmentSizes = (ids: tf.Tensor, count: number): tf.Tensor =>
  tf.maximum(tf.unsortedSegmentSum(tf.ones<tf.Rank.R2>([ids.shape[0] as number, 1]), ids as Indices, count), 1);

/** The largest of the rows of each index in each column, zeros where there are none. Several that are largest share the gradient. */
export function segmentMax(x: tf.Tensor, ids: tf.Tensor, count: number): Rows {
  if (x.shape[0] === 0) return tf.zeros([count, x.shape[1] as number]);
  return withGradient(
    x,
    (rows) => largest(rows, ids as Indices, count),
    (value) => [x, ids, value],
    (dy, [from, kept, reached]) => {
      const hits = tf.cast(tf.equal(from as Rows, tf.gather(reached as Rows, kept as Indices)), "float32") as Rows;
      const each = tf.div(dy, tf.maximum(tf.unsortedSegmentSum(hits, kept as Indices, count), 1)) as Rows;
      return tf.mul(hits, tf.gather(each, kept as Indices));
    },
  );
}

/**
 * tfjs has no maximum by index: rows are sorted by index, each takes the maximum with the row 1, 2, 4, … places before it if that bears the
 * same index (Hillis and Steele's scan), and the last row of each index then holds the maximum of all.
 */
function largest(x: Rows, ids: Indices, count: number): Rows {
  const [rows, columns] = x.shape;
  const order = tf.topk(tf.neg(tf.cast(ids, "float32")), rows).indices as Indices;
  const sorted = tf.gather(ids, order);
  let values = tf.gather(x, order);
  for (let distance = 1; distance < rows; distance *= 2) {
    const same = tf.equal(part(sorted, distance, rows), part(sorted, 0, rows - distance));
    const before = part(values, 0, rows - distance);
    const later = part(values, distance, rows);
    const chosen = tf.where(tf.broadcastTo(tf.expandDims(same, 1), [rows - distance, columns]), tf.maximum(later, before), later);
    values = tf.concat([part(values, 0, distance), chosen]) as Rows;
  }
  const followed = tf.equal(part(sorted, 0, rows - 1), part(sorted, 1, rows));
  const last = tf.concat([tf.sub(1, tf.cast(followed, "float32")), tf.ones([1])]);
  return tf.unsortedSegmentSum(tf.mul(values, tf.expandDims(last, 1)) as Rows, sorted, count);
}

/** Rows `from` to before `to`. */
const part = <T extends tf.Tensor>(x: T, from: number, to: number): T =>
  tf.slice<tf.Rank, T>(x, [from, ...x.shape.slice(1).fill(0)], [to - from, ...x.shape.slice(1)]);
