import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, type Gathered } from "../contract.ts";

/**
 * exp of the mean divergence between a classifier's opinion of one sample and its mean opinion of all (UDL 14.4; Salimans et al., 2016):
 * high where every sample is clearly of one class and all classes occur. From 1 to the number of classes.
 */
export const inceptionScore = defineLayer({
  type: "metric.inception-score",
  title: "Inception score",
  family: "loss",
  book: "14.4",
  aliases: ["is", "sample quality", "diversity", "gan"],
  role: "metric",
  params: z.object({}),
  inputs: { x: { rank: 2, dtype: "float32", help: "A classifier's scores (logits) for what the model makes: [batch, classes]." } },
  outputs: [],
  infer: () => ({}),
  over: ({ x }) => scoreOf(x),
  better: "higher",
  explain: {
    summary: "How clearly samples are of one class each, and how many classes there are.",
    equation:
      "\\exp\\left[\\frac{1}{I}\\sum_{i} D_{KL}\\Big[Pr(y|\\mathbf{x}^{*}_i)\\Big\\|Pr(y)\\Big]\\right], \\quad Pr(y) = \\frac{1}{I}\\sum_i Pr(y|\\mathbf{x}^{*}_i)",
  },
  examples: [{ inputs: { x: f32("batch", 4) } }],
});

/** NaN if there are no samples. */
function scoreOf({ shape, values }: Gathered): number {
  const [count = 0, classes = 0] = shape;
  const opinions = Array.from({ length: count }, (_, i) => softmax(Array.from(values.subarray(i * classes, (i + 1) * classes))));
  const mean = Array.from({ length: classes }, (_, c) => opinions.reduce((sum, opinion) => sum + (opinion[c] as number), 0) / count);
  const divergence = (opinion: readonly number[]) => opinion.reduce((sum, p, c) => sum + (p > 0 ? p * Math.log(p / (mean[c] as number)) : 0), 0);
  return Math.exp(opinions.reduce((sum, opinion) => sum + divergence(opinion), 0) / count);
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
