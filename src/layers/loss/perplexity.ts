import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { meanSurprise } from "./cross-entropy.ts";
import { labelPorts, labelProblem } from "./labels.ts";

/** exp of the mean cross-entropy: logits `[…, classes]`, labels `[…]` → how many equally likely choices the model hesitates between. */
export const perplexity = defineLayer({
  type: "metric.perplexity",
  title: "Perplexity",
  family: "loss",
  book: "12.7",
  aliases: ["language model", "ppl", "tokens"],
  role: "metric",
  params: z.object({}),
  inputs: labelPorts,
  outputs: ["value"],
  infer: ({ x, label, mask }) => labelProblem(x, label, mask) ?? { value: f32() },
  apply: ({ x, label, mask }) => ({ value: meanSurprise(x, label, mask) }),
  weighedBy: "mask",
  finish: ([mean = Number.NaN]) => Math.exp(mean),
  better: "lower",
  differentiable: false,
  explain: {
    summary: "Between how many equally likely classes or tokens the model hesitates, on average.",
    equation: "\\exp\\Big(-\\frac{1}{I}\\sum_i \\log Pr(y_i\\,|\\,\\mathbf{x}_i)\\Big)",
  },
  examples: [
    { inputs: { x: f32("batch", 4), label: i32(["batch"], 4) } },
    { inputs: { x: f32("batch", 5, 3), label: i32(["batch", 5], 3), mask: f32("batch", 5) } },
  ],
});
