import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { sizeEach } from "../flow/per-example.ts";
import { int } from "../params.ts";
import { normalLikelihood } from "./normal-likelihood.ts";

/**
 * The negative log-likelihood of a flow in bits for each number of an example: (L / D + log K) / log 2. With K levels it is that of dequantised values
 * spread over 0 to 1, counted in steps of 1/K, and bounds the bits that a number takes to be sent (UDL 16.4.1; Theis et al., 2016).
 */
export const bitsPerDimension = defineLayer({
  type: "metric.bits-per-dimension",
  title: "Bits per dimension",
  family: "loss",
  book: "16.4",
  aliases: ["bpd", "likelihood", "flow", "density"],
  role: "metric",
  params: z.object({
    levels: int({ min: 1, max: 65_536, default: 1, help: "Values that a number could take before it was dequantised; 1 for real data." }),
  }),
  inputs: normalLikelihood.inputs as {
    readonly x: { readonly dtype: "float32"; readonly help: string };
    readonly logdet: { readonly many: true; readonly optional: true; readonly rank: 1; readonly dtype: "float32"; readonly help: string };
  },
  outputs: ["value"],
  infer({ x, logdet }, _p, env) {
    const found = normalLikelihood.infer({ x, logdet }, {}, env);
    return "loss" in found ? { value: f32() } : (found as { problem: string });
  },
  apply({ x, logdet }, w, { levels }, ctx) {
    const nats = normalLikelihood.apply?.({ x, logdet }, w, {}, ctx).loss ?? tf.scalar(Number.NaN);
    return { value: tf.mul(tf.add(tf.div(nats, sizeEach(x.shape)), Math.log(levels)), 1 / Math.LN2) };
  },
  better: "lower",
  differentiable: false,
  explain: { summary: "The negative log-likelihood in bits for each number.", equation: "\\frac{1}{\\log 2}\\Big(\\frac{L}{D} + \\log K\\Big)" },
  examples: [
    { inputs: { x: f32("batch", 2), logdet: [f32("batch")] } },
    { params: { levels: 256 }, inputs: { x: f32("batch", 2, 2, 1), logdet: [] } },
  ],
});
