import * as tf from "@tensorflow/tfjs-core";
import { gatherRows, neighbourSum, segmentMax, segmentSizes } from "./segments.ts";

/** How the vectors of a node's neighbours become one (UDL 13.8). */
export const aggregations = ["sum", "mean", "kipf", "max"] as const;
export type Aggregation = (typeof aggregations)[number];

/** What each node receives, `[nodes, features]`, along edges from `source` to `target`. A node without neighbours receives zeros. */
export function aggregate(x: tf.Tensor, source: tf.Tensor, target: tf.Tensor, how: Aggregation): tf.Tensor {
  const nodes = x.shape[0] as number;
  switch (how) {
    case "sum":
      return neighbourSum(x, source, target);
    case "mean": // equation 13.17
      return tf.div(neighbourSum(x, source, target), segmentSizes(target, nodes));
    case "kipf": {
      // Equation 13.19: 1/√(|ne[n]|·|ne[m]|), one root on each side of the sum.
      const root = tf.rsqrt(segmentSizes(target, nodes));
      return tf.mul(neighbourSum(tf.mul(x, root), source, target), root);
    }
    case "max": // section 13.8.5
      return segmentMax(gatherRows(x, source), target, nodes);
    default:
      return how satisfies never;
  }
}
