import * as tf from "@tensorflow/tfjs-core";

/** How the vectors of a node's neighbours become one (UDL 13.8). */
export type Aggregation = "sum" | "mean" | "kipf";

/**
 * What each node receives: `[…, nodes, features]`, from x `[…, nodes, features]` and adjacency `[…, nodes, nodes]`.
 * One adjacency matrix may serve a whole batch. A node without neighbours receives zeros.
 */
export function aggregate(x: tf.Tensor, adjacency: tf.Tensor, how: Aggregation): tf.Tensor {
  switch (how) {
    case "sum":
      return neighbours(x, adjacency);
    case "mean": // equation 13.17
      return tf.div(neighbours(x, adjacency), degrees(adjacency));
    case "kipf": {
      // Equation 13.19: 1/√(|ne[n]|·|ne[m]|), one root on each side of the product.
      const root = tf.rsqrt(degrees(adjacency));
      return tf.mul(neighbours(tf.mul(x, root), adjacency), root);
    }
    default:
      return how satisfies never;
  }
}

/** A·X. With one A for a batch, the batch becomes more columns of X: a single product, and a gradient of A's own shape. */
function neighbours(x: tf.Tensor, adjacency: tf.Tensor): tf.Tensor {
  if (x.rank === adjacency.rank) return tf.matMul(adjacency, x);
  const [, nodes, features] = x.shape as [number, number, number];
  const columns = tf.reshape(tf.transpose(x, [1, 0, 2]), [nodes, -1]);
  return tf.transpose(tf.reshape(tf.matMul(adjacency, columns), [nodes, -1, features]), [1, 0, 2]);
}

/** `[…, nodes, 1]`: each row's sum of absolute weights (so that signed edges cannot cancel), 1 where there are none. */
function degrees(adjacency: tf.Tensor): tf.Tensor {
  const sums = tf.sum(tf.abs(adjacency), -1, true);
  return tf.add(sums, tf.sub(1, tf.step(sums)));
}
