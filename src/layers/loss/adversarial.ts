import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice } from "../params.ts";

/**
 * How far a discriminator's scores are from calling everything real, or everything generated; the mean over all scores (UDL 15.1, 15.2).
 * With s the scores: cross-entropy −log σ(s) or −log(1 − σ(s)), which for a generator is the non-saturating loss; least squares (s − 1)² or s²
 * (Mao et al., 2017); Wasserstein −s or s (Arjovsky et al., 2017); hinge max(0, 1 − s) or max(0, 1 + s).
 */
export const adversarial = defineLayer({
  type: "loss.adversarial",
  title: "Adversarial loss",
  family: "loss",
  book: "15.1",
  aliases: ["gan", "discriminator", "critic", "generator", "wgan", "lsgan", "hinge", "non-saturating"],
  role: "loss",
  params: z.object({
    answer: choice(["real", "generated"], {
      help: "What the scores should say. A discriminator learns both; a generator wants its samples called real.",
    }),
    form: choice(["cross-entropy", "least-squares", "wasserstein", "hinge"], {
      help: "Cross-entropy as in the first GAN; least squares; Wasserstein, for a critic whose slope is bounded; hinge.",
    }),
  }),
  inputs: { x: { dtype: "float32", help: "Scores, high for real, before any sigmoid: [batch, …]." } },
  outputs: ["loss"],
  infer: () => ({ loss: f32() }),
  apply({ x }, _w, { answer, form }) {
    const toward = answer === "real" ? tf.neg(x) : x;
    switch (form) {
      case "cross-entropy":
        return { loss: tf.mean(tf.softplus(toward)) };
      case "least-squares":
        return { loss: tf.mean(tf.square(tf.sub(x, answer === "real" ? 1 : 0))) };
      case "wasserstein":
        return { loss: tf.mean(toward) };
      case "hinge":
        return { loss: tf.mean(tf.relu(tf.add(toward, 1))) };
    }
  },
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ answer, form }) => `${answer} · ${form}`,
  explain: {
    summary: "How far scores are from calling everything real, or everything generated.",
    equation: "-\\frac{1}{I}\\sum_i \\log \\sigma(s_i) \\quad\\text{or}\\quad -\\frac{1}{I}\\sum_i \\log\\big(1-\\sigma(s_i)\\big)",
  },
  examples: [
    { inputs: { x: f32("batch", 1) } },
    { params: { answer: "generated" }, inputs: { x: f32("batch", 3) } },
    { params: { answer: "generated", form: "least-squares" }, inputs: { x: f32("batch", 2, 2, 1) } },
    { params: { form: "wasserstein" }, inputs: { x: f32("batch", 1) } },
    { params: { answer: "generated", form: "hinge" }, inputs: { x: f32("batch", 2) } },
  ],
});
