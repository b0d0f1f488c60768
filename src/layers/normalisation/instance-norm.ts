import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { affineParam, affineWeights, epsilonParam, pointwiseCost, scaleAndShift, standardise, withChannels } from "./channels.ts";

/** Each channel of each example to mean 0 and variance 1 over its positions (figure 11.14e). */
export const instanceNorm = defineLayer({
  type: "instance-norm",
  title: "Instance normalisation",
  family: "normalisation",
  book: "11.4",
  aliases: ["instancenorm", "contrast normalisation", "style", "normalization"],
  params: z.object({ epsilon: epsilonParam, affine: affineParam }),
  inputs: { x: { dtype: "float32", help: "Signals or images: a batch axis, positions, and channels last." } },
  outputs: ["y"],
  infer({ x }) {
    const out = withChannels(x, "Instance normalisation");
    if (isProblem(out) || x.shape.length > 2) return out;
    return problem("There are no positions to take the statistics over.", {
      port: "x",
      expected: "[batch, …positions, channels]",
      received: formatShape(x.shape),
    });
  },
  weights: ({ x }, { affine }) => affineWeights(x, affine),
  apply({ x }, w, { epsilon }) {
    const positions = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
    return { y: scaleAndShift(standardise(x, positions, epsilon), w) };
  },
  cost: ({ x }) => pointwiseCost(x),
  summary: ({ affine }) => (affine ? "" : "no scale or offset"),
  explain: {
    summary: "Centres and scales each channel of each example over its positions: brightness and contrast are gone.",
    equation: "h_{ic} \\leftarrow \\gamma_c\\,\\frac{h_{ic} - m_c}{\\sqrt{s_c^2 + \\epsilon}} + \\delta_c",
  },
  examples: [{ inputs: { x: f32("batch", 4, 3, 2) } }, { params: { affine: false }, inputs: { x: f32("batch", 6, 2) } }],
});
