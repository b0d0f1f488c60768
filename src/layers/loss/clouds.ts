import { formatShape, type TensorType } from "../../tensor/types.ts";
import { type Gathered, type LayerProblem, problem } from "../contract.ts";

/** Two clouds of points: what is compared when samples of a model stand beside samples of the data. */

export const cloudPorts = {
  x: { rank: 2, dtype: "float32", help: "What the model makes, or its features: [batch, features]." },
  real: { rank: 2, dtype: "float32", help: "The same of the data: [batch, features]." },
} as const;

/** What is wrong with two clouds, if they have not the same number of coordinates. */
export function cloudProblem(x: TensorType, real: TensorType): LayerProblem | undefined {
  if (x.shape[1] === real.shape[1]) return undefined;
  return problem("Both need the same number of features.", { port: "real", expected: formatShape(x.shape), received: formatShape(real.shape) });
}

/** One vector a row. */
export function pointsOf({ shape, values }: Gathered, most = Number.POSITIVE_INFINITY): Float64Array[] {
  const [count = 0, size = 0] = shape;
  return Array.from({ length: Math.min(count, most) }, (_, i) => Float64Array.from(values.subarray(i * size, (i + 1) * size)));
}

export const distanceBetween = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
};
