import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, int } from "../params.ts";

/**
 * Points on the way from a to b, both ends among them: `[batch, features]` twice → `[batch, steps, features]`.
 * Linear: (1 − t) a + t b. Spherical: (sin((1 − t) ω) a + sin(t ω) b)/sin ω with ω the angle between them (UDL 17.6.2): in a high-dimensional
 * normal prior all that is likely lies near a sphere, which a straight line leaves.
 */
export const interpolate = defineLayer({
  type: "interpolate",
  title: "Interpolate",
  family: "flow",
  book: "17.6.2",
  aliases: ["slerp", "spherical", "linear", "lerp", "latent traversal", "morph"],
  params: z.object({
    way: choice(["spherical", "linear"], { help: "Along the great circle through both, or straight." }),
    steps: int({ min: 2, max: 1000, default: 8, help: "Points, both ends counted." }),
  }),
  inputs: {
    a: { rank: 2, dtype: "float32", help: "Where the way begins: [batch, features]." },
    b: { rank: 2, dtype: "float32", help: "Where it ends, in the same shape." },
  },
  outputs: ["y"],
  infer({ a, b }, { steps }) {
    const [batch = "batch", features = 1] = a.shape;
    if (!sameShape(a.shape, b.shape))
      return problem("Both ends need the same shape.", { port: "b", expected: formatShape(a.shape), received: formatShape(b.shape) });
    return { y: f32(batch, steps, features) };
  },
  apply({ a, b }, _w, { way, steps }) {
    const [batch, features] = a.shape as [number, number];
    const [from, to] = [tf.reshape(a, [batch, 1, features]), tf.reshape(b, [batch, 1, features])];
    const t = tf.tensor(
      Array.from({ length: steps }, (_, i) => i / (steps - 1)),
      [1, steps, 1],
    );
    if (way === "linear") return { y: tf.add(tf.mul(tf.sub(1, t), from), tf.mul(t, to)) };
    const length = (x: tf.Tensor) => tf.sqrt(tf.add(tf.sum(tf.square(x), 2, true), 1e-12));
    const cosine = tf.div(tf.sum(tf.mul(from, to), 2, true), tf.mul(length(from), length(to)));
    // Ends of one direction, or of opposite ones, have no circle through them: the angle keeps clear of both.
    const angle = tf.acos(tf.clipByValue(cosine, -0.9999, 0.9999));
    const share = (part: tf.Tensor) => tf.div(tf.sin(tf.mul(part, angle)), tf.sin(angle));
    return { y: tf.add(tf.mul(share(tf.sub(1, t)), from), tf.mul(share(t), to)) };
  },
  cost: (_x, { y }) => 2 * elementsPerExample(y.shape),
  summary: ({ way, steps }) => `${way} · ${steps} steps`,
  explain: {
    summary: "Goes from one point to another in small steps.",
    equation: "\\mathbf{y}_t = \\frac{\\sin((1-t)\\,\\omega)}{\\sin\\omega}\\,\\mathbf{a} + \\frac{\\sin(t\\,\\omega)}{\\sin\\omega}\\,\\mathbf{b}",
  },
  examples: [
    { params: { steps: 3 }, inputs: { a: f32("batch", 4), b: f32("batch", 4) } },
    { params: { way: "linear", steps: 4 }, inputs: { a: f32("batch", 2), b: f32("batch", 2) } },
  ],
});
