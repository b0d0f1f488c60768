import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, type Gathered } from "../contract.ts";
import { int } from "../params.ts";
import { cloudPorts, cloudProblem, distanceBetween, pointsOf } from "./clouds.ts";

/** More points than that are left out: every pair is looked at. */
const mostPoints = 2000;

const params = z.object({
  neighbours: int({ min: 1, max: 100, help: "The ball around a point reaches to its neighbour of this rank.", default: 3 }),
});
const common = {
  family: "loss",
  book: "14.4",
  role: "metric",
  params,
  inputs: cloudPorts,
  outputs: [],
  better: "higher",
  examples: [{ inputs: { x: f32("batch", 3), real: f32("batch", 3) } }],
} as const;

/**
 * Share of samples that lie on the data's manifold: in the ball around some example that reaches to its k-th neighbour among the examples
 * (UDL 14.4; Kynkäänniemi et al., 2019). At most 2,000 points of each kind are compared.
 */
export const manifoldPrecision = defineLayer({
  ...common,
  type: "metric.manifold-precision",
  title: "Manifold precision",
  aliases: ["precision", "sample quality", "realism", "gan"],
  infer: ({ x, real }) => cloudProblem(x, real) ?? {},
  over: ({ x, real }, { neighbours }) => shareCovered(x, real, neighbours),
  explain: {
    summary: "The share of samples that could be data.",
    equation: "\\frac{1}{I}\\sum_i \\mathbb{I}\\Big[\\exists j: |\\mathbf{x}^{*}_i - \\mathbf{x}_j| \\le r_k[\\mathbf{x}_j]\\Big]",
  },
});

/** Share of the data that lies on the samples' manifold: what a model leaves out lowers it (UDL 14.4; Kynkäänniemi et al., 2019). */
export const manifoldRecall = defineLayer({
  ...common,
  type: "metric.manifold-recall",
  title: "Manifold recall",
  aliases: ["recall", "coverage", "diversity", "mode dropping", "gan"],
  infer: ({ x, real }) => cloudProblem(x, real) ?? {},
  over: ({ x, real }, { neighbours }) => shareCovered(real, x, neighbours),
  explain: {
    summary: "The share of the data that could be samples.",
    equation: "\\frac{1}{J}\\sum_j \\mathbb{I}\\Big[\\exists i: |\\mathbf{x}_j - \\mathbf{x}^{*}_i| \\le r_k[\\mathbf{x}^{*}_i]\\Big]",
  },
});

/** Share of points within a ball of the others' manifold; NaN if either is empty. */
function shareCovered(points: Gathered, manifold: Gathered, neighbours: number): number {
  const centres = pointsOf(manifold, mostPoints);
  const asked = pointsOf(points, mostPoints);
  if (centres.length === 0) return Number.NaN;
  const radii = centres.map((centre) => {
    const distances = Float64Array.from(centres, (other) => distanceBetween(centre, other)).sort();
    // The nearest is the point itself.
    return distances[Math.min(neighbours, distances.length - 1)] as number;
  });
  return asked.filter((point) => centres.some((centre, i) => distanceBetween(point, centre) <= (radii[i] as number))).length / asked.length;
}
