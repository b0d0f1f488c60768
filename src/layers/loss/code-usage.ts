import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** exp of the entropy of how often each code is chosen: how many codes are in use, as if equally often. `[batch, …]` → a number from 1 to codes. */
export const codeUsage = defineLayer({
  type: "metric.code-usage",
  title: "Codes in use",
  family: "loss",
  book: "17.8",
  aliases: ["perplexity", "codebook", "vq-vae", "entropy", "collapse"],
  role: "metric",
  params: z.object({ codes: int({ min: 1, max: 1_000_000, default: 32, help: "How many codes there are." }) }),
  inputs: { x: { dtype: "int32", help: "Codes or tokens: [batch, …]." } },
  outputs: ["value"],
  infer({ x }, { codes }) {
    if (x.shape.length === 0) return problem("There is no batch axis.", { port: "x", expected: "[batch, …]" });
    if (x.classes !== undefined && x.classes > codes)
      return problem(`There are ${x.classes} codes.`, {
        port: "x",
        expected: `${x.classes} or more`,
        received: `${codes}`,
        mend: { label: `Count ${x.classes} codes`, kind: "set", params: { codes: x.classes } },
      });
    return { value: f32(codes) };
  },
  apply: ({ x }, _w, { codes }) => ({ value: tf.mean(tf.cast(tf.oneHot(tf.reshape(x, [-1]) as tf.Tensor1D, codes), "float32"), 0) }),
  finish(mean) {
    const all = mean.reduce((sum, share) => sum + share, 0);
    const entropy = mean.reduce((sum, share) => (share > 0 ? sum - (share / all) * Math.log(share / all) : sum), 0);
    return Math.exp(entropy);
  },
  differentiable: false,
  explain: {
    summary: "How many codes are in use, as if all were chosen equally often.",
    equation: "\\exp\\Big(-\\sum_k p_k \\log p_k\\Big)",
  },
  examples: [{ params: { codes: 5 }, inputs: { x: { shape: ["batch", 4], dtype: "int32", classes: 5 } } }],
});
