import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** |x|, its tip rounded off within this width, so that examples that are alike get a gradient. */
const tip = 0.01;
const magnitude = (x: tf.Tensor): tf.Tensor => tf.sub(tf.sqrt(tf.add(tf.square(x), tip * tip)), tip);

/**
 * How close each example is to the others of its batch, beside what arrives: `[batch, in] → [batch, in + features]` (UDL 15.3; Salimans et
 * al., 2016). A discriminator that sees it notices a generator whose samples are all alike. Each feature maps an example to a few numbers
 * and sums e^(−distance) to those of all other examples, the distance being the sum of absolute differences.
 */
export const minibatchDiscrimination = defineLayer({
  type: "minibatch-discrimination",
  title: "Minibatch discrimination",
  family: "dense",
  book: "15.3",
  aliases: ["gan", "mode collapse", "diversity", "batch statistics"],
  params: z.object({
    features: int({ min: 1, max: 10_000, default: 16, help: "Measures of closeness that are learned." }),
    size: int({ min: 1, max: 1000, default: 4, help: "Numbers that an example is mapped to for each." }),
  }),
  inputs: { x: { rank: 2, dtype: "float32", help: "Features of each example: [batch, features]." } },
  outputs: ["y"],
  infer({ x }, { features }) {
    const [batch = "batch", width] = x.shape;
    if (typeof width !== "number") return problem("The number of features must be known.", { port: "x", received: formatShape(x.shape) });
    return { y: f32(batch, width + features) };
  },
  weights: ({ x }, { features, size }) => ({
    kernel: { shape: [x.shape[1] as number, features * size], init: "glorot-uniform" },
  }),
  apply({ x }, w, { features, size }) {
    const mapped = tf.reshape(tf.matMul(x as tf.Tensor2D, w.kernel as tf.Tensor2D), [-1, 1, features, size]);
    const batch = mapped.shape[0] as number;
    const apart = tf.sum(magnitude(tf.sub(mapped, tf.reshape(mapped, [1, batch, features, size]))), 3);
    // An example is at distance 0 from itself, which is not counted.
    const closeness = tf.sub(tf.sum(tf.exp(tf.neg(apart)), 1), 1);
    return { y: tf.concat([x, closeness], 1) };
  },
  cost: ({ x }, _y, { features, size }) => (x.shape[1] as number) * features * size,
  summary: ({ features, size }) => `${features} × ${size}`,
  explain: {
    summary: "Adds how close each example is to the others of its batch.",
    equation:
      "o_{if} = \\sum_{j \\ne i} \\exp\\Big(-\\sum_c \\big|M_{ifc} - M_{jfc}\\big|\\Big), \\quad \\mathbf{M}_i = \\boldsymbol\\Omega\\,\\mathbf{x}_i",
  },
  examples: [
    { params: { features: 2, size: 3 }, inputs: { x: f32("batch", 3) } },
    { params: { features: 1, size: 1 }, inputs: { x: f32("batch", 2) } },
  ],
});
