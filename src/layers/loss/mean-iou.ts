import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { labelPorts, labelProblem } from "./labels.ts";

/** Classes at most: each batch gives a table of classes by classes. */
const mostClasses = 1024;

/**
 * Mean over classes of intersection over union, over all positions of a split (or those that a mask counts): logits `[…, classes]`, labels and mask `[…]` → a number from 0 to 1.
 * A batch gives its confusion matrix (rows: true classes, columns: predicted ones, shares of the positions that count); classes that never occur are left out.
 */
export const meanIou = defineLayer({
  type: "metric.iou",
  title: "Mean overlap (IoU)",
  family: "loss",
  book: "10.5.3",
  aliases: ["intersection over union", "jaccard", "segmentation", "miou", "confusion matrix"],
  role: "metric",
  params: z.object({}),
  inputs: labelPorts,
  outputs: ["value"],
  infer({ x, label, mask }) {
    const classes = x.shape.at(-1) as Dim;
    const fault = labelProblem(x, label, mask);
    if (fault) return fault;
    if (typeof classes === "number" && classes > mostClasses)
      return problem(`A mean over the overlaps of so many classes needs a table of classes by classes: at most ${mostClasses}.`, {
        port: "x",
        expected: `at most ${mostClasses} classes`,
        received: formatShape(x.shape),
      });
    return { value: f32(classes, classes) };
  },
  apply({ x, label, mask }) {
    const classes = x.shape.at(-1) as number;
    // Whole numbers first: tfjs's wasm kernel writes the bits of integers even where floats are asked for.
    const hot = (labels: tf.Tensor) => tf.cast(tf.oneHot(tf.reshape(labels, [-1]) as tf.Tensor1D, classes), "float32");
    const truth = hot(label);
    const predicted = hot(tf.argMax(x, -1));
    if (!mask) return { value: tf.div(tf.matMul(truth, predicted, true), label.size) as tf.Tensor };
    const counts = tf.reshape(tf.cast(mask, "float32"), [-1, 1]);
    const shares = tf.matMul(tf.mul(truth, counts), predicted, true);
    return { value: tf.div(shares, tf.maximum(tf.sum(counts), 1)) as tf.Tensor };
  },
  weighedBy: "mask",
  finish: meanOverlap,
  better: "higher",
  differentiable: false,
  explain: {
    summary: "How well predicted regions cover the true ones, averaged over classes.",
    equation: "\\frac{1}{C}\\sum_c \\frac{|\\text{predicted}_c \\cap \\text{true}_c|}{|\\text{predicted}_c \\cup \\text{true}_c|}",
  },
  examples: [
    { inputs: { x: f32("batch", 3, 2, 4), label: i32(["batch", 3, 2], 4) } },
    { inputs: { x: f32("batch", 5, 3), label: i32(["batch", 5], 3), mask: f32("batch", 5) } },
    { inputs: { x: f32("batch", 3), label: i32(["batch"], 3) } },
  ],
});

/** From a confusion matrix, row by row; NaN if it is empty. */
function meanOverlap(confusion: readonly number[]): number {
  const classes = Math.round(Math.sqrt(confusion.length));
  const at = (row: number, column: number) => confusion[row * classes + column] as number;
  const each = Array.from({ length: classes }, (_, i) => i);
  const overlaps = each.flatMap((c) => {
    const union = each.reduce((sum, other) => sum + at(c, other) + at(other, c), 0) - at(c, c);
    return union > 0 ? [at(c, c) / union] : [];
  });
  return overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length;
}
