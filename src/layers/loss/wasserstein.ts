import { type Constraint, solve } from "yalps";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";
import { cloudPorts, cloudProblem, distanceBetween, pointsOf } from "./clouds.ts";

/**
 * Earth mover's distance between two clouds of equally heavy points: the least work that turns one into the other, by linear programming
 * (UDL 15.2.4, primal form). The first points of each are compared; few points overestimate the distance of what they are drawn from.
 */
export const wasserstein = defineLayer({
  type: "metric.wasserstein",
  title: "Wasserstein distance",
  family: "loss",
  book: "15.2.4",
  aliases: ["earth mover's distance", "emd", "optimal transport", "linear programme", "wgan"],
  role: "metric",
  params: z.object({
    points: int({ min: 2, max: 128, help: "Points of each cloud that are compared: the programme has a variable for each pair.", default: 64 }),
  }),
  inputs: cloudPorts,
  outputs: [],
  infer: ({ x, real }) => cloudProblem(x, real) ?? {},
  over: ({ x, real }, { points }) => earthMoversDistance(pointsOf(x, points), pointsOf(real, points)),
  better: "lower",
  explain: {
    summary: "The least work that turns one cloud of points into the other.",
    equation:
      "\\min_{\\mathbf{P} \\ge 0} \\sum_{i,j} P_{ij}\\,|\\mathbf{x}_i - \\mathbf{x}'_j|, \\quad \\sum_j P_{ij} = \\tfrac{1}{I}, \\ \\sum_i P_{ij} = \\tfrac{1}{J}",
  },
  examples: [{ params: { points: 4 }, inputs: { x: f32("batch", 2), real: f32("batch", 2) } }],
});

/** Each point of a cloud weighs the same, each cloud 1. NaN if one is empty or a number is not finite. */
export function earthMoversDistance(from: readonly Float64Array[], to: readonly Float64Array[]): number {
  const costs = from.map((a) => to.map((b) => distanceBetween(a, b)));
  if (from.length === 0 || to.length === 0 || !costs.flat().every(Number.isFinite)) return Number.NaN;
  // Inequalities have a basis to begin with, which equalities lack: as much leaves as there is, at least as much arrives as is wanted.
  const constraints = new Map<string, Constraint>([
    ...from.map((_, i) => [`from ${i}`, { max: to.length }] as const),
    ...to.map((_, j) => [`to ${j}`, { min: from.length }] as const),
  ]);
  const variables = costs.flatMap((row, i) =>
    row.map(
      (cost, j) =>
        [
          `${i} ${j}`,
          new Map([
            ["work", cost],
            [`from ${i}`, 1],
            [`to ${j}`, 1],
          ]),
        ] as const,
    ),
  );
  const { status, result } = solve({ direction: "minimize", objective: "work", constraints, variables }, { maxPivots: 100_000 });
  return status === "optimal" ? result / (from.length * to.length) : Number.NaN;
}
