import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { divisorMend } from "../divisor.ts";
import { int } from "../params.ts";
import { affineParam, affineWeights, epsilonParam, pointwiseCost, scaleAndShift, standardise, withChannels } from "./channels.ts";

/**
 * Each example's channels in groups; each group to mean 0 and variance 1 over its channels and all positions (figure 11.14d).
 * One group is layer normalisation over channels and positions (figure 11.14c).
 */
export const groupNorm = defineLayer({
  type: "group-norm",
  title: "Group normalisation",
  family: "normalisation",
  book: "11.4",
  aliases: ["groupnorm", "gn", "normalization"],
  params: z.object({
    groups: int({ default: 8, max: 65_536, help: "Number of groups; it divides the number of channels. One group takes all channels together." }),
    epsilon: epsilonParam,
    affine: affineParam,
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis; its last axis holds the channels." } },
  outputs: ["y"],
  infer({ x }, { groups }) {
    const out = withChannels(x, "Group normalisation");
    if (isProblem(out)) return out;
    const channels = x.shape.at(-1) as number;
    if (channels % groups === 0) return out;
    return problem(`${groups} groups do not divide ${channels} channels evenly.`, {
      port: "x",
      expected: `a divisor of ${channels}`,
      received: `${groups}`,
      mend: divisorMend("groups", "group", groups, channels),
    });
  },
  weights: ({ x }, { affine }) => affineWeights(x, affine),
  apply({ x }, w, { groups, epsilon }) {
    const channels = x.shape.at(-1) as number;
    const batch = x.shape[0] as number;
    const positions = x.shape.slice(1, -1).reduce((n, size) => n * size, 1);
    const apart = tf.reshape(x, [batch, positions, groups, channels / groups]);
    return { y: scaleAndShift(tf.reshape(standardise(apart, [1, 3], epsilon), x.shape), w) };
  },
  cost: ({ x }) => pointwiseCost(x),
  summary: ({ groups }) => (groups === 1 ? "one group" : `${groups} groups`),
  explain: {
    summary: "Centres and scales each group of channels within each example; examples do not mix.",
    equation: "h_{c} \\leftarrow \\gamma_c\\,\\frac{h_{c} - m_{g(c)}}{\\sqrt{s_{g(c)}^2 + \\epsilon}} + \\delta_c",
  },
  examples: [
    { params: { groups: 2 }, inputs: { x: f32("batch", 3, 4, 4) } },
    { params: { groups: 1 }, inputs: { x: f32("batch", 5, 3) } },
    { params: { groups: 3, affine: false }, inputs: { x: f32("batch", 6) } },
  ],
});
