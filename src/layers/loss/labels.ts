import * as tf from "@tensorflow/tfjs-core";
import { formatShape, type Shape, sameShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** What losses and metrics on class labels share: logits `[…, classes]`, labels `[…]`, a mask `[…]`. */

export const labelPorts = {
  x: { dtype: "float32", help: "Logits: one score for each class on the last axis, before any softmax." },
  label: { dtype: "int32", help: "The true class of each example or position." },
  mask: { optional: true, help: "1 where a position counts, 0 where it does not." },
} as const;

/** Why these logits, labels and mask do not go together; undefined if they do. */
export function labelProblem(x: TensorType, label: TensorType, mask: TensorType | undefined): LayerProblem | undefined {
  const classes = x.shape.at(-1);
  if (typeof classes !== "number" || x.shape.length < 2)
    return problem("Logits need one score for each class on their last axis.", {
      port: "x",
      expected: formatShape([...label.shape, label.classes ?? "classes"]),
      received: formatShape(x.shape),
    });
  if (classes < 2)
    return problem("One score is no choice: give a score for each class, or use binary cross-entropy.", {
      port: "x",
      expected: formatShape([...x.shape.slice(0, -1), "2 or more"]),
      received: formatShape(x.shape),
    });
  const positions: Shape = x.shape.slice(0, -1);
  if (!sameShape(positions, label.shape)) {
    const flattens =
      label.shape.length === 1 && x.shape.length > 2 && x.shape[0] === label.shape[0] && x.shape.slice(1).every((dim) => typeof dim === "number");
    return problem("Each position of the logits needs one label.", {
      port: flattens ? "x" : "label",
      expected: flattens ? formatShape([...label.shape, label.classes ?? "classes"]) : formatShape(positions),
      received: formatShape(flattens ? x.shape : label.shape),
      ...(flattens && { mend: { label: "Insert a flatten", kind: "insert", port: "x", type: "flatten" } }),
    });
  }
  if (label.classes !== undefined && label.classes !== classes)
    return problem(`There are ${label.classes} classes, but ${classes} scores.`, {
      port: "x",
      expected: formatShape([...positions, label.classes]),
      received: formatShape(x.shape),
      mend: {
        label: `Insert a linear layer with ${label.classes} units`,
        kind: "insert",
        port: "x",
        type: "dense",
        params: { units: label.classes },
      },
    });
  if (mask && !sameShape(mask.shape, label.shape))
    return problem("The mask needs one number for each label.", {
      port: "mask",
      expected: formatShape(label.shape),
      received: formatShape(mask.shape),
    });
  return undefined;
}

/** The mean over all positions, or over those that the mask counts (0 if it counts none). */
export function maskedMean(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (!mask) return tf.mean(values);
  const counts = tf.cast(mask, "float32");
  return tf.div(tf.sum(tf.mul(values, counts)), tf.maximum(tf.sum(counts), 1));
}
