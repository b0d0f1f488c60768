import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice } from "../params.ts";

/**
 * Branches mixed at random (Gastaldi, 2017): in training Σ αₙ xₙ on the way forward, while on the way back the gradient of branch n
 * is βₙ times what arrives; α and β are separate draws, each uniform over all convex mixes (for two branches α ~ U(0, 1) and 1 − α).
 * In evaluation the mean.
 */
export const shakeShake = defineLayer({
  type: "shake-shake",
  title: "Shake-shake",
  family: "arithmetic",
  book: "11.5.1",
  aliases: ["random mix", "branches", "regularisation", "regularization"],
  params: z.object({ per: choice(["example", "batch"], { help: "Draw a mix for each example, or one for the whole batch." }) }),
  inputs: { x: { many: true, dtype: "float32", help: "Two branches or more, of one shape." } },
  outputs: ["y"],
  infer({ x }) {
    const [first] = x;
    if (!first) return problem("There is nothing to mix yet.", { port: "x", expected: "two branches or more" });
    if (first.shape.length < 2) return problem("Branches have a batch axis and at least one more.", { port: "x", expected: "[batch, …]" });
    if (!x.every(({ shape }) => sameShape(shape, first.shape)))
      return problem("Only branches of the same shape can be mixed.", {
        port: "x",
        expected: formatShape(first.shape),
        received: x.map(({ shape }) => formatShape(shape)).join(" and "),
      });
    return { y: f32(...first.shape) };
  },
  apply({ x }, _w, { per }, { training, rng }) {
    const [first] = x as [tf.Tensor];
    if (!training) return { y: tf.mul(tf.addN([...x]), 1 / x.length) };
    const rows = per === "batch" ? 1 : (first.shape[0] as number);
    const draw = () => convexMix(x.map(() => rng.uniform([rows, ...first.shape.slice(1).map(() => 1)])));
    const alpha = draw();
    const beta = draw();
    const mixed = tf.customGrad((...given) => {
      const save = given.pop() as tf.GradSaveFunc;
      save(beta);
      return {
        value: tf.addN((given as tf.Tensor[]).map((branch, n) => tf.mul(branch, alpha[n] as tf.Tensor))),
        gradFunc: (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => saved.map((share) => tf.mul(dy as tf.Tensor, share)),
      };
    });
    return { y: mixed(...x) };
  },
  surrogate: true,
  cost: ({ x }) => x.length * elementsPerExample(x[0]?.shape ?? []),
  summary: ({ per }) => (per === "batch" ? "per batch" : ""),
  explain: {
    summary: "Mixes branches at random, by one draw forward and another backward; in use it takes their mean.",
    equation:
      "\\mathbf{y} = \\sum_n \\alpha_n \\mathbf{x}_n, \\quad \\frac{\\partial L}{\\partial \\mathbf{x}_n} := \\beta_n \\frac{\\partial L}{\\partial \\mathbf{y}}",
  },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 3)] } },
    { params: { per: "batch" }, inputs: { x: [f32("batch", 2, 2, 1), f32("batch", 2, 2, 1), f32("batch", 2, 2, 1)] } },
    { inputs: { x: [f32("batch", 2)] } },
  ],
});

/**
 * Shares of each branch, uniform over those that sum to 1, out of uniform numbers of one shape: exponential numbers over
 * their sum.
 */
function convexMix(uniform: readonly tf.Tensor[]): tf.Tensor[] {
  const exponential = uniform.map((draw) => tf.neg(tf.log(tf.sub(1 + 1e-6, draw))));
  const sum = tf.addN(exponential);
  return exponential.map((one) => tf.div(one, sum));
}
