import { z } from "zod";
import { derivative } from "../../tensor/derivative.ts";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/**
 * How what arrives at `of` changes with what arrives at `by`. Gradients go through it, so that a loss may hold a gradient: a penalty on
 * a critic's slope (Gulrajani et al. 2017), a score, a physical law.
 */
export const gradient = defineLayer({
  type: "gradient",
  title: "Gradient",
  family: "arithmetic",
  book: "15.2.6",
  aliases: ["derivative", "grad", "jacobian", "vector-jacobian product", "vjp", "gradient penalty", "slope", "score"],
  params: z.object({}),
  inputs: {
    of: { dtype: "float32", help: "What is differentiated; the sum of all its elements." },
    by: { dtype: "float32", help: "The tensor by which it is differentiated, from the very port that `of` was computed from." },
    along: { dtype: "float32", optional: true, help: "Weights of the elements of the sum, of the shape of `of`; 1 each if nothing is wired." },
  },
  outputs: ["y"],
  infer({ of, by, along }) {
    if (along && !sameShape(along.shape, of.shape))
      return problem("The weights must have the shape of what is differentiated.", {
        port: "along",
        expected: formatShape(of.shape),
        received: formatShape(along.shape),
      });
    return { y: f32(...by.shape) };
  },
  apply: ({ of, by, along }) => ({ y: derivative(of, by, along) }),
  differentiates: { of: "of", by: "by" },
  explain: {
    summary: "How what arrives at one port changes with what arrives at the other.",
    equation: "\\mathbf{y} = \\frac{\\partial}{\\partial\\,\\mathrm{by}} \\sum_i \\mathrm{along}_i\\, \\mathrm{of}_i",
  },
  examples: [
    { inputs: { of: f32("batch", 1), by: f32("batch", 3) } },
    { inputs: { of: f32("batch", 2), by: f32("batch", 3, 2), along: f32("batch", 2) } },
    { inputs: { of: f32(), by: f32("batch") } },
  ],
});
