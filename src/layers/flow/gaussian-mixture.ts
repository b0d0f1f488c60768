import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem, type WeightSpec } from "../contract.ts";
import { choice, int, real } from "../params.ts";
import { fitted, lowerPairs, type Mixture, solved } from "./mixture.ts";

/**
 * log Pr(x, h = k) = log λ_k + log Norm[x; μ_k, Σ_k] for each component k, in nats: `[batch, features] → [batch, components]` (UDL 17.1).
 * A softmax of it is the posterior over components, the E-step; its log-sum-exp is log Pr(x). With `responsibilities` wired and a closed form,
 * the components first become those that fit these best, the M-step, and in training stay so: two such nodes that share weights are the EM algorithm.
 */
export const gaussianMixture = defineLayer({
  type: "gaussian-mixture",
  title: "Gaussian mixture",
  family: "flow",
  book: "17.1",
  aliases: ["em", "expectation maximisation", "expectation maximization", "gmm", "mixture of gaussians", "clustering", "responsibilities"],
  params: z.object({
    components: int({ min: 1, max: 10_000, default: 3, help: "Gaussians in the mixture." }),
    covariance: choice(["full", "diagonal"], { help: "Full: tilted ellipses. Diagonal: along the axes, for many features." }),
    learn: choice(["closed-form", "gradient"], { help: "Closed form: only by an M-step. Gradient: by a phase that minimises something of it." }),
    spread: real({ min: 0, max: 1e6, default: 1, help: "How far apart the means start, as a standard deviation." }),
    floor: real({ min: 1e-8, max: 1e6, default: 1e-4, help: "Added to variances in an M-step, so that no component shrinks to a point." }),
  }),
  inputs: {
    x: { rank: 2, dtype: "float32", help: "Points: [batch, features]." },
    responsibilities: { rank: 2, dtype: "float32", optional: true, help: "For an M-step: how much each component is to answer for each point." },
  },
  outputs: ["y"],
  infer({ x, responsibilities }, { components, covariance, learn }) {
    const [batch = "batch", features] = x.shape;
    if (typeof features !== "number") return problem("The points have no fixed length.", { port: "x", expected: "[batch, features]" });
    if (covariance === "full" && features > 8)
      return problem("Full covariances are for 8 features at most.", {
        port: "x",
        expected: "at most 8 features",
        received: `${features}`,
        mend: { label: "Use diagonal covariances", kind: "set", params: { covariance: "diagonal" } },
      });
    if (!responsibilities) return { y: f32(batch, components) };
    if (responsibilities.shape[0] !== batch || responsibilities.shape[1] !== components)
      return problem("There must be one responsibility for each point and component.", {
        port: "responsibilities",
        expected: formatShape([batch, components]),
        received: formatShape(responsibilities.shape),
      });
    if (learn === "gradient")
      return problem("An M-step sets the components in closed form, not by gradients.", {
        port: "responsibilities",
        mend: { label: "Use the closed form", kind: "set", params: { learn: "closed-form" } },
      });
    return { y: f32(batch, components) };
  },
  weights({ x }, { components, covariance, learn, spread }) {
    const features = x.shape[1] as number;
    const trainable = learn === "gradient";
    const spec = (shape: number[], init: WeightSpec["init"]): WeightSpec => ({ shape, init, trainable, decay: false });
    const pairs = lowerPairs(features).length;
    return {
      logits: spec([components], "zeros"),
      means: spec([components, features], { normal: spread }),
      logDeviations: spec([components, features], "zeros"),
      lower: covariance === "full" && pairs > 0 ? spec([components, pairs], "zeros") : undefined,
    };
  },
  apply({ x, responsibilities }, w, { floor }, ctx) {
    const now: Mixture = { logits: w.logits, means: w.means, logDeviations: w.logDeviations, lower: w.lower };
    if (!responsibilities) return { y: logJoint(x, now) };
    const next = fitted(x, responsibilities, { full: w.lower !== undefined, floor });
    if (ctx.training) for (const [name, value] of Object.entries(next)) if (value) ctx.update(name, value);
    return { y: logJoint(x, next) };
  },
  surrogate: true,
  fitsItself: true,
  cost: ({ x }, { y }) => elementsPerExample(y.shape) * elementsPerExample(x.shape) * 3,
  summary: ({ components, covariance }) => `${components} · ${covariance}`,
  explain: {
    summary: "How likely each point is together with each component of a mixture of Gaussians.",
    equation: "y_k = \\log \\lambda_k + \\log \\operatorname{Norm}_{\\mathbf{x}}[\\boldsymbol\\mu_k, \\boldsymbol\\Sigma_k]",
  },
  examples: [
    { params: { components: 3, learn: "gradient" }, inputs: { x: f32("batch", 2) } },
    { params: { components: 4, covariance: "diagonal", learn: "gradient" }, inputs: { x: f32("batch", 3) } },
    { params: { components: 2, floor: 0.1 }, inputs: { x: f32("batch", 2), responsibilities: f32("batch", 2) }, range: [0.1, 1] },
  ],
});

/** log λ_k + log Norm[x; μ_k, Σ_k]. With Σ = L D² Lᵀ, the square distance is |D⁻¹ L⁻¹ (x − μ)|². */
function logJoint(x: tf.Tensor, { logits, means, logDeviations, lower }: Mixture): tf.Tensor {
  const [components, features] = means.shape as [number, number];
  const away = tf.sub(tf.reshape(x, [-1, 1, features]), tf.reshape(means, [1, components, features]));
  const upright = lower ? solved(away, lower) : away;
  const square = tf.sum(tf.square(tf.mul(upright, tf.exp(tf.neg(logDeviations)))), 2);
  const volume = tf.add(tf.sum(logDeviations, 1), (features / 2) * Math.log(2 * Math.PI));
  return tf.add(tf.sub(tf.mul(square, -0.5), volume), tf.logSoftmax(logits));
}
