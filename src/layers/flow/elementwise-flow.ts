import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, isProblem } from "../contract.ts";
import { choice, int, real } from "../params.ts";
import { flowPort, flowTypes, sumEach } from "./per-example.ts";
import { parametersOf, type Transform, transform } from "./transforms.ts";

/**
 * An increasing function of its own for every feature: y_d = f[x_d, φ_d], log|∂y/∂x| = Σ_d log f′[x_d, φ_d] (UDL 16.3.2). Splines are
 * pieced together of straight lines or of fractions of quadratics (Durkan et al., 2019), and the identity outside ±range.
 */
export const elementwiseFlow = defineLayer({
  type: "elementwise-flow",
  title: "Elementwise flow",
  family: "flow",
  book: "16.3.2",
  aliases: ["spline", "piecewise linear", "rational quadratic", "normalising flow", "invertible activation"],
  params: z.object({
    kind: choice(["rational-quadratic", "piecewise-linear"], { help: "Rational-quadratic splines are smooth; straight pieces have kinks." }),
    bins: int({ min: 2, max: 64, default: 8, help: "Pieces between −range and range." }),
    range: real({ min: 0.1, max: 1000, default: 3, help: "Outside ±range nothing is changed." }),
  }),
  inputs: { x: flowPort },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  weights: ({ x }, p) => ({ parameters: { shape: [x.shape.at(-1) as number, parametersOf(p)], init: "zeros", decay: false } }),
  apply({ x }, w, p) {
    const { y, logSlope } = transform(x, w.parameters, settings(p), false);
    return { y, logdet: sumEach(logSlope) };
  },
  inverse({ y }, w, p) {
    const { y: x, logSlope } = transform(y, w.parameters, settings(p), true);
    return { x, logdet: sumEach(logSlope) };
  },
  cost: ({ x }, _, { bins }) => (isProblem(flowTypes(x)) ? 0 : x.shape.slice(1).reduce<number>((product, dim) => product * Number(dim), 4 * bins)),
  summary: ({ kind, bins }) => `${kind} · ${bins} bins`,
  explain: {
    summary: "An increasing function for every feature: a spline that is learned.",
    equation:
      "y_d = f[x_d, \\boldsymbol\\phi_d], \\quad \\log\\left|\\frac{\\partial\\mathbf{y}}{\\partial\\mathbf{x}}\\right| = \\sum_d \\log f'[x_d, \\boldsymbol\\phi_d]",
  },
  examples: [
    { params: { bins: 4 }, inputs: { x: f32("batch", 2) } },
    { params: { bins: 2, range: 5, kind: "piecewise-linear" }, inputs: { x: f32("batch", 3) }, range: [0.1, 0.9] },
  ],
});

const settings = (p: Pick<Transform, "kind" | "bins" | "range">): Transform => ({ ...p, clamp: 1 });
