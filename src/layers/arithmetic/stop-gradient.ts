import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** What arrives, unchanged, but taken for a constant on the way back. */
export const stopGradient = defineLayer({
  type: "stop-gradient",
  title: "Stop gradient",
  family: "arithmetic",
  book: "17.4",
  aliases: ["detach", "freeze", "straight-through", "no grad"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor, a single number included." } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: f32(...x.shape) }),
  apply: ({ x }) => ({ y: constant(x) }),
  differentiable: false,
  explain: { summary: "Passes on what arrives, but no gradient back." },
  examples: [{ inputs: { x: f32("batch", 3) } }, { inputs: { x: f32() } }],
});

/** The identity with a gradient of zero. */
const constant = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((value) => ({ value: tf.clone(value as tf.Tensor), gradFunc: () => tf.zerosLike(value as tf.Tensor) }))(x);
