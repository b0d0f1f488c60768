import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, isProblem, problem } from "../contract.ts";
import { choice, int, real } from "../params.ts";
import { flowPort, flowTypes, sumEach } from "./per-example.ts";
import { parametersOf, transform, transformKinds } from "./transforms.ts";

/**
 * The changing half of a coupling, its network drawn outside: y = f[x, φ] number by number, where the parameters φ were computed from
 * the half that passes through (UDL 16.3.3). Affine couplings (Real NVP), additive ones (NICE, RevNet) and splines; for images too.
 */
export const couplingTransform = defineLayer({
  type: "coupling-transform",
  title: "Coupling transform",
  family: "flow",
  book: "16.3.3",
  aliases: ["affine coupling", "additive coupling", "spline coupling", "real nvp", "nice", "glow", "revnet", "normalising flow"],
  params: z.object({
    kind: choice(transformKinds, { help: "Affine: scale and shift. Additive: shift alone. Splines bend, between −range and range." }),
    bins: int({ min: 2, max: 64, default: 8, help: "Pieces of a spline." }),
    range: real({ min: 0.1, max: 1000, default: 3, help: "A spline changes nothing outside ±range." }),
    clamp: real({ min: 0.01, max: 20, default: 2, help: "Largest absolute log-scale of an affine transform, approached smoothly." }),
  }),
  relevant: ({ kind }) => (kind === "additive" ? ["kind"] : kind === "affine" ? ["kind", "clamp"] : ["kind", "bins", "range"]),
  inputs: {
    x: flowPort,
    parameters: { dtype: "float32", help: "From a network that sees the other half; a number of channels for each channel of x. Begin it at zero." },
  },
  conditions: ["parameters"],
  outputs: ["y", "logdet"],
  infer({ x, parameters }, p) {
    const types = flowTypes(x);
    if (isProblem(types)) return types;
    const channels = (x.shape.at(-1) as number) * parametersOf(p);
    const due = [...x.shape.slice(0, -1), channels];
    if (formatShape(parameters.shape) === formatShape(due)) return types;
    return problem(`Each channel of x needs ${parametersOf(p)} parameters.`, {
      port: "parameters",
      expected: formatShape(due),
      received: formatShape(parameters.shape),
    });
  },
  apply({ x, parameters }, _w, p) {
    const { y, logSlope } = transform(x, tf.reshape(parameters, [...x.shape, parametersOf(p)]), p, false);
    return { y, logdet: sumEach(logSlope) };
  },
  inverse({ y }, _w, p, _ctx, { parameters }) {
    const { y: x, logSlope } = transform(y, tf.reshape(parameters, [...y.shape, parametersOf(p)]), p, true);
    return { x, logdet: sumEach(logSlope) };
  },
  summary: ({ kind, bins }) => (kind === "affine" || kind === "additive" ? kind : `${kind} · ${bins} bins`),
  explain: {
    summary: "Changes numbers by an increasing function whose parameters a network outside finds.",
    equation:
      "\\mathbf{y}_2 = \\mathbf{f}\\big[\\mathbf{x}_2, \\boldsymbol\\phi[\\mathbf{x}_1]\\big], \\quad \\log\\left|\\frac{\\partial\\mathbf{y}}{\\partial\\mathbf{x}}\\right| = \\sum_d \\log f'[x_d, \\boldsymbol\\phi_d]",
  },
  examples: [
    { inputs: { x: f32("batch", 2), parameters: f32("batch", 4) } },
    { params: { kind: "additive" }, inputs: { x: f32("batch", 2, 2, 1), parameters: f32("batch", 2, 2, 1) } },
    { params: { kind: "rational-quadratic", bins: 3 }, inputs: { x: f32("batch", 2), parameters: f32("batch", 16) } },
    { params: { kind: "piecewise-linear", bins: 2, range: 5 }, inputs: { x: f32("batch", 1), parameters: f32("batch", 2) }, range: [0.1, 0.9] },
  ],
});
