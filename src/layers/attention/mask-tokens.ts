import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, i32, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int, real } from "../params.ts";

/**
 * BERT's exercise (UDL 12.6.1; Devlin et al., 2019): chosen tokens are to be guessed from the rest. Of those chosen, 80 % are replaced
 * by the mask token, 10 % by any token, 10 % stay, so that no input can be trusted. Drawn anew at each step, in evaluations too.
 */
export const maskTokens = defineLayer({
  type: "mask-tokens",
  title: "Mask tokens",
  family: "attention",
  book: "12.6.1",
  aliases: ["bert", "masked language model", "cloze", "hide", "corrupt", "pre-training"],
  params: z.object({
    vocabulary: int({
      min: 1,
      max: 10_000_000,
      help: "Number of different tokens; a random one takes the place of one in ten that are chosen.",
      default: 64,
    }),
    token: int({ min: 0, max: 10_000_000, help: "The token that says: guess what was here.", title: "Mask token", default: 64 }),
    share: real({ min: 0, max: 1, help: "Share of the tokens that are to be guessed.", default: 0.15 }),
  }),
  inputs: {
    x: { rank: 2, dtype: "int32", help: "Tokens: [batch, tokens]." },
    mask: { rank: 2, optional: true, help: "[batch, tokens]: 0 where a token must not be chosen, as padding." },
  },
  outputs: ["y", "chosen"],
  infer({ x, mask }, { vocabulary, token }) {
    if (x.classes !== undefined && x.classes > vocabulary)
      return problem("The tokens take more values than the vocabulary has.", {
        port: "x",
        expected: `a vocabulary of at least ${x.classes}`,
        received: `${vocabulary}`,
        mend: { kind: "set", label: `Set the vocabulary to ${x.classes}`, params: { vocabulary: x.classes } },
      });
    if (mask && !sameShape(mask.shape, x.shape))
      return problem("The mask needs one number for each token.", {
        port: "mask",
        expected: formatShape(x.shape),
        received: formatShape(mask.shape),
      });
    return { y: i32(x.shape, Math.max(vocabulary, token + 1)), chosen: f32(...x.shape) };
  },
  apply({ x, mask }, _w, { vocabulary, token, share }, { rng }) {
    const shape = x.shape;
    const below = (limit: number) => tf.step(tf.sub(limit, rng.uniform(shape)));
    const drawn = below(share);
    const chosen = mask ? tf.mul(drawn, tf.step(tf.sub(tf.cast(mask, "float32"), 0.5))) : drawn;
    const fate = rng.uniform(shape);
    // 1 where the fate is below 0.8, between 0.8 and 0.9; float32 holds all numbers of tokens exactly.
    const hidden = tf.mul(chosen, tf.step(tf.sub(0.8, fate)));
    const random = tf.mul(chosen, tf.mul(tf.step(tf.sub(fate, 0.8)), tf.step(tf.sub(0.9, fate))));
    const any = tf.minimum(tf.floor(tf.mul(rng.uniform(shape), vocabulary)), vocabulary - 1);
    const kept = tf.mul(tf.cast(x, "float32"), tf.sub(1, tf.add(hidden, random)));
    return { y: tf.cast(tf.addN([kept, tf.mul(hidden, token), tf.mul(random, any)]), "int32"), chosen };
  },
  differentiable: false,
  summary: ({ share }) => `${Math.round(100 * share)} %`,
  explain: { summary: "Hides some tokens, which are then to be guessed from the rest." },
  examples: [
    { params: { vocabulary: 7, token: 7, share: 0.5 }, inputs: { x: i32(["batch", 5], 7) } },
    { params: { vocabulary: 9, token: 0, share: 0.9 }, inputs: { x: i32(["batch", 4], 9), mask: i32(["batch", 4], 2) } },
  ],
});
