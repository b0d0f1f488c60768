import * as tf from "@tensorflow/tfjs-core";
import { formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** What metrics and drawings of joints share (book 11.5.3): heat maps `[batch, height, width, joints]`, places `[batch, joints, 2]`. */

export const jointPorts = {
  x: { rank: 4, dtype: "float32", help: "A heat map for each joint: [batch, height, width, joints]; its highest point is the prediction." },
  target: { rank: 3, dtype: "float32", help: "Where each joint is: [batch, joints, 2], shares of width (from the left) and height (from the top)." },
} as const;

/** Why heat maps and places do not go together; undefined if they do. */
export function jointProblem(x: TensorType, target: TensorType): LayerProblem | undefined {
  if (x.shape.slice(1).some((dim) => typeof dim !== "number"))
    return problem("Heat maps need a fixed size.", { port: "x", expected: "[batch, height, width, joints]", received: formatShape(x.shape) });
  const joints = x.shape[3] as number;
  const [batch, count, axes] = target.shape;
  if (batch === x.shape[0] && count === joints && axes === 2) return undefined;
  return problem("There must be one place, across and down, for each heat map.", {
    port: "target",
    expected: formatShape([x.shape[0] ?? "batch", joints, 2]),
    received: formatShape(target.shape),
  });
}

/** Distance between the middle of each heat map's highest pixel and the true place, in pixels of the heat map: `[batch, joints]`. */
export function jointDistances(heat: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const [batch, height, width, joints] = heat.shape as [number, number, number, number];
  const best = tf.argMax(tf.reshape(heat, [batch, height * width, joints]), 1);
  const row = tf.floor(tf.div(tf.add(tf.cast(best, "float32"), 0.5), width));
  const column = tf.sub(tf.cast(best, "float32"), tf.mul(row, width));
  const found = tf.add(tf.stack([column, row], -1), 0.5);
  return tf.sqrt(tf.sum(tf.square(tf.sub(found, tf.mul(target, tf.tensor1d([width, height])))), -1));
}
