import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { z } from "zod";
import { f32, formatShape, sameShape, type TensorType } from "../../tensor/types.ts";
import { defineLayer, type Gathered, problem } from "../contract.ts";
import { int } from "../params.ts";
import { pointsOf } from "./clouds.ts";

const remade = {
  x: { rank: 2, dtype: "float32", help: "What a model makes of the data: [batch, features]." },
  real: { rank: 2, dtype: "float32", help: "The data." },
} as const;
const remadeProblem = (x: TensorType, real: TensorType) =>
  sameShape(x.shape, real.shape)
    ? undefined
    : problem("Both need the same shape.", { port: "real", expected: formatShape(x.shape), received: formatShape(real.shape) });

/** Principal components, and how a model's compares with them (UDL 17.8): over all examples of a split. */

const componentsParam = int({ min: 1, max: 10_000, default: 2, help: "Dimensions of the subspace." });

/** The share of the data's variance that a reconstruction keeps: 1 − Σ |x − x̂|² / Σ |x − x̄|². 1 is perfect, 0 no better than the mean. */
export const explainedVariance = defineLayer({
  type: "metric.explained-variance",
  title: "Explained variance",
  family: "loss",
  book: "17.8",
  aliases: ["r squared", "coefficient of determination", "pca", "autoencoder", "reconstruction"],
  role: "metric",
  params: z.object({}),
  inputs: remade,
  outputs: [],
  infer: ({ x, real }) => remadeProblem(x, real) ?? {},
  over({ x, real }) {
    const data = pointsOf(real);
    if (data.length === 0) return Number.NaN;
    const mean = meanOf(data);
    let [error, spread] = [0, 0];
    for (const [i, made] of pointsOf(x).entries())
      for (const [d, value] of (data[i] as Float64Array).entries()) {
        error += (value - (made[d] as number)) ** 2;
        spread += (value - (mean[d] as number)) ** 2;
      }
    return 1 - error / spread;
  },
  explain: {
    summary: "The share of the data's variance that a reconstruction keeps.",
    equation: "1 - \\frac{\\sum_i |\\mathbf{x}_i - \\hat{\\mathbf{x}}_i|^2}{\\sum_i |\\mathbf{x}_i - \\bar{\\mathbf{x}}|^2}",
  },
  examples: [{ inputs: { x: f32("batch", 3), real: f32("batch", 3) } }],
});

/** The largest share of variance that any linear map through so many dimensions can keep: the first eigenvalues of the covariance over all. */
export const principalVariance = defineLayer({
  type: "metric.principal-variance",
  title: "Principal variance",
  family: "loss",
  book: "17.8",
  aliases: ["pca", "principal component analysis", "eigenvalues", "explained variance"],
  role: "metric",
  params: z.object({ components: componentsParam }),
  inputs: { x: { rank: 2, dtype: "float32", help: "The data: [batch, features]." } },
  outputs: [],
  infer: () => ({}),
  over({ x }, { components }) {
    const values = principal(x)?.values;
    if (!values) return Number.NaN;
    const sum = (some: readonly number[]) => some.reduce((total, value) => total + value, 0);
    return sum(values.slice(0, components)) / sum(values);
  },
  summary: ({ components }) => `${components} components`,
  explain: {
    summary: "The share of the data's variance along its first principal components.",
    equation: "\\sum_{k \\le K} \\lambda_k \\Big/ \\sum_d \\lambda_d",
  },
  examples: [{ inputs: { x: f32("batch", 4) } }],
});

/** The largest angle between the first principal components of two clouds, in degrees: 0 if they span the same subspace, 90 if one has a direction that the other lacks. */
export const principalAngle = defineLayer({
  type: "metric.principal-angle",
  title: "Principal angle",
  family: "loss",
  book: "17.8",
  aliases: ["pca", "subspace", "linear autoencoder", "canonical angle"],
  role: "metric",
  params: z.object({ components: componentsParam }),
  inputs: remade,
  outputs: [],
  infer: ({ x, real }) => remadeProblem(x, real) ?? {},
  over({ x, real }, { components }) {
    const [a, b] = [principal(x), principal(real)];
    if (!a || !b) return Number.NaN;
    const count = Math.min(components, a.values.length);
    const span = ({ vectors }: Principal) => vectors.subMatrix(0, vectors.rows - 1, 0, count - 1);
    const cosines = new SingularValueDecomposition(span(a).transpose().mmul(span(b))).diagonal;
    return (Math.acos(Math.min(1, Math.min(...cosines))) * 180) / Math.PI;
  },
  better: "lower",
  summary: ({ components }) => `${components} components`,
  explain: {
    summary: "How far a model's subspace is turned from that of the data's principal components, in degrees.",
    equation: "\\arccos \\sigma_{\\min}\\big[\\mathbf{U}^T\\mathbf{V}\\big]",
  },
  examples: [{ inputs: { x: f32("batch", 4), real: f32("batch", 4) } }],
});

interface Principal {
  /** Variances along them, largest first. */
  readonly values: readonly number[];
  /** One a column. */
  readonly vectors: Matrix;
}

/** Principal components of a cloud; undefined where it has fewer than two points, or a number that is not finite. */
function principal(cloud: Gathered): Principal | undefined {
  const points = pointsOf(cloud);
  if (points.length < 2 || !cloud.values.every(Number.isFinite)) return undefined;
  const rows = new Matrix(points);
  const centred = rows.subRowVector(rows.mean("column"));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(centred.transpose().mmul(centred), { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] as number) - (realEigenvalues[a] as number));
  return {
    values: order.map((i) => Math.max(0, realEigenvalues[i] as number)),
    vectors: eigenvectorMatrix.subMatrixColumn(order),
  };
}

function meanOf(points: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(points[0]?.length ?? 0);
  for (const point of points) for (const [d, value] of point.entries()) mean[d] = (mean[d] as number) + value / points.length;
  return mean;
}
