import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int, real } from "../params.ts";

/**
 * x moved along an attribute: the difference between the mean of what has it and the mean of what has not, both followed over training
 * (UDL 17.6.2): `[batch, features]` → `[batch, features]`. In the latent space of a model this resynthesises examples as they would be with it.
 */
export const attributeVector = defineLayer({
  type: "attribute-vector",
  title: "Attribute vector",
  family: "flow",
  book: "17.6.2",
  aliases: ["resynthesis", "edit", "latent arithmetic", "smile vector", "class mean"],
  params: z.object({
    toward: int({ min: 0, max: 1_000_000, default: 1, help: "The label of what has the attribute." }),
    from: int({ min: -1, max: 1_000_000, default: -1, help: "The label of what has not; −1: all other labels." }),
    strength: real({ min: -100, max: 100, default: 1, help: "How far to go: 1 is from one mean to the other, −1 the other way." }),
    momentum: real({ min: 0, max: 0.9999, default: 0.98, help: "How much of the last step's means stays." }),
  }),
  inputs: {
    x: { rank: 2, dtype: "float32", help: "What is moved: [batch, features]." },
    codes: { rank: 2, dtype: "float32", help: "What the means are taken of, as long as x: the codes of examples." },
    label: { rank: 1, dtype: "int32", help: "The label of each code." },
  },
  outputs: ["y"],
  infer({ x, codes, label }) {
    const features = x.shape[1];
    if (typeof features !== "number") return problem("The vectors have no fixed length.", { port: "x", expected: "[batch, features]" });
    if (codes.shape[1] !== features)
      return problem("The codes must be as long as what is moved.", {
        port: "codes",
        expected: formatShape([codes.shape[0] ?? "batch", features]),
        received: formatShape(codes.shape),
      });
    if (label.shape[0] !== codes.shape[0])
      return problem("Every code needs a label.", {
        port: "label",
        expected: formatShape(codes.shape.slice(0, 1)),
        received: formatShape(label.shape),
      });
    return { y: f32(...x.shape) };
  },
  weights({ x }) {
    const kept = { shape: [x.shape[1] as number], init: "zeros", trainable: false } as const;
    // How much the averages weigh: they begin with nothing, and are divided by it.
    const weight = { shape: [], init: "zeros", trainable: false } as const;
    return { with: kept, without: kept, withWeight: weight, withoutWeight: weight };
  },
  apply({ x, codes, label }, w, { toward, from, strength, momentum }, ctx) {
    const has = tf.cast(tf.equal(label, tf.scalar(toward, "int32")), "float32");
    const hasNot = from === -1 ? tf.sub(1, has) : tf.cast(tf.equal(label, tf.scalar(from, "int32")), "float32");
    const mean = (member: tf.Tensor, sum: tf.Tensor, weight: tf.Tensor, name: "with" | "without") => {
      if (ctx.training) {
        const added = tf.sum(tf.mul(codes, tf.reshape(member, [-1, 1])), 0);
        ctx.update(name, tf.add(tf.mul(sum, momentum), added));
        ctx.update(`${name}Weight`, tf.add(tf.mul(weight, momentum), tf.sum(member)));
      }
      return tf.div(sum, tf.maximum(weight, 1e-6));
    };
    const way = tf.sub(mean(has, w.with, w.withWeight, "with"), mean(hasNot, w.without, w.withoutWeight, "without"));
    return { y: tf.add(x, tf.mul(way, strength)) };
  },
  // The means are held fixed on the way back: they follow the codes, and do not shape them.
  surrogate: true,
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ toward, from, strength }) => `${from === -1 ? "others" : from} → ${toward}${strength === 1 ? "" : ` · ${strength}`}`,
  explain: {
    summary: "Moves codes from the mean of what lacks an attribute towards the mean of what has it.",
    equation: "\\mathbf{y} = \\mathbf{x} + s\\,(\\bar{\\mathbf{z}}_{\\text{with}} - \\bar{\\mathbf{z}}_{\\text{without}})",
  },
  examples: [
    { params: { toward: 2 }, inputs: { x: f32("batch", 3), codes: f32("batch", 3), label: { shape: ["batch"], dtype: "int32", classes: 4 } } },
    {
      params: { toward: 1, from: 0, strength: 0.5 },
      inputs: { x: f32("batch", 2), codes: f32("batch", 2), label: { shape: ["batch"], dtype: "int32", classes: 2 } },
    },
  ],
});
