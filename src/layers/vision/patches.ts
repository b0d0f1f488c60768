import * as tf from "@tensorflow/tfjs-core";

/** Grids cut into square patches and put together again: what vision transformers do around attention (UDL 12.10). */

/**
 * `[batch, h, w, c] → [batch · h/size · w/size, size², c]`: patches row by row, their positions row by row. Four axes are enough,
 * since a row of a patch and its channels move together.
 */
export function cut(x: tf.Tensor, size: number): tf.Tensor {
  const [, , width, channels] = x.shape as [number, number, number, number];
  const rows = tf.reshape(x, [-1, size, width / size, size * channels]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [-1, size * size, channels]);
}

/** The inverse of `cut`: patches `[…, size², c]` → grids `[batch, height, width, c]`. */
export function join(patches: tf.Tensor, size: number, height: number, width: number): tf.Tensor {
  const channels = patches.shape.at(-1) as number;
  const rows = tf.reshape(patches, [-1, width / size, size, size * channels]);
  return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [-1, height, width, channels]);
}

/** `[batch, h, w, c]` moved by that many rows up and columns to the left; what leaves on one side comes back on the other. */
export const roll = (x: tf.Tensor, steps: number): tf.Tensor => rollAxis(rollAxis(x, steps, 1), steps, 2);

function rollAxis(x: tf.Tensor, steps: number, axis: number): tf.Tensor {
  const size = x.shape[axis] as number;
  const first = ((steps % size) + size) % size;
  if (first === 0) return x;
  const part = (begin: number, length: number) =>
    tf.slice(
      x,
      x.shape.map((_, i) => (i === axis ? begin : 0)),
      x.shape.map((_, i) => (i === axis ? length : -1)),
    );
  return tf.concat([part(first, size - first), part(0, first)], axis);
}
