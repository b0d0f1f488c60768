import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, type Gathered } from "../contract.ts";
import { cloudPorts, cloudProblem, pointsOf } from "./clouds.ts";

/**
 * Fréchet distance between two clouds, each taken for one normal distribution (UDL 14.4; Heusel et al., 2017, for features of a classifier):
 * |μ₁ − μ₂|² + trace(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½). Two splits of one set of data are a little above 0: covariances are estimates.
 */
export const frechetDistance = defineLayer({
  type: "metric.frechet-distance",
  title: "Fréchet distance",
  family: "loss",
  book: "14.4",
  aliases: ["fid", "frechet inception distance", "sample quality", "gan", "2-wasserstein"],
  role: "metric",
  params: z.object({}),
  inputs: cloudPorts,
  outputs: [],
  infer: ({ x, real }) => cloudProblem(x, real) ?? {},
  over: ({ x, real }) => distanceOfNormals(x, real),
  better: "lower",
  explain: {
    summary: "How far samples are from data, both taken for normal distributions over features.",
    equation:
      "|\\boldsymbol\\mu_1-\\boldsymbol\\mu_2|^2 + \\operatorname{tr}\\left[\\boldsymbol\\Sigma_1+\\boldsymbol\\Sigma_2-2\\left(\\boldsymbol\\Sigma_1\\boldsymbol\\Sigma_2\\right)^{1/2}\\right]",
  },
  examples: [{ inputs: { x: f32("batch", 3), real: f32("batch", 3) } }],
});

/** NaN where a cloud has fewer than two points, or a number that is not finite. */
function distanceOfNormals(x: Gathered, real: Gathered): number {
  const [a, b] = [momentsOf(x), momentsOf(real)];
  if (a === undefined || b === undefined) return Number.NaN;
  const apart = a.mean.reduce((sum, value, i) => sum + (value - (b.mean[i] as number)) ** 2, 0);
  // (Σ₁ Σ₂)^½ has the trace of (Σ₁^½ Σ₂ Σ₁^½)^½, which is symmetric.
  const root = squareRoot(a.covariance);
  const between = eigenvalues(root.mmul(b.covariance).mmul(root)).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, apart + a.covariance.trace() + b.covariance.trace() - 2 * between);
}

function momentsOf(cloud: Gathered): { readonly mean: readonly number[]; readonly covariance: Matrix } | undefined {
  const points = pointsOf(cloud);
  if (points.length < 2 || !cloud.values.every(Number.isFinite)) return undefined;
  const rows = new Matrix(points);
  const mean = rows.mean("column");
  const centred = rows.subRowVector(mean);
  return {
    mean,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(points.length - 1),
  };
}

const symmetric = { assumeSymmetric: true } as const;
const eigenvalues = (matrix: Matrix): number[] => new EigenvalueDecomposition(matrix, symmetric).realEigenvalues;

/** Of a symmetric matrix without negative eigenvalues, but for rounding. */
function squareRoot(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues } = new EigenvalueDecomposition(matrix, symmetric);
  return vectors.mmul(Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))))).mmul(vectors.transpose());
}
