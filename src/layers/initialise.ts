import type { Rng } from "../tensor/random.ts";
import type { WeightSpec } from "./contract.ts";

/**
 * Start values of a weight, in row-major order: as many as its shape holds. The same `rng` stream gives the same numbers.
 * Normal kinds draw from a plain normal distribution (as PyTorch; Keras cuts the tails off), with UDL 7.5's variances:
 * He 2 / fanIn, Glorot 2 / (fanIn + fanOut), LeCun 1 / fanIn. Uniform kinds have the same variances. A `gain` multiplies them all.
 */
export function initialise(spec: WeightSpec, rng: Rng): Float32Array {
  const values = started(spec, rng);
  return spec.gain === undefined ? values : multiply(values, spec.gain);
}

function started(spec: WeightSpec, rng: Rng): Float32Array {
  const values = new Float32Array(spec.shape.reduce((product, size) => product * size, 1));
  const { init } = spec;
  if (typeof init !== "string") {
    if ("constant" in init) return values.fill(init.constant);
    if ("parts" in init) {
      const size = values.length / init.parts.length;
      return values.map((_, i) => init.parts[Math.floor(i / size)] ?? 0);
    }
    return "normal" in init ? normal(values, init.normal, rng) : uniform(values, init.uniform, rng);
  }
  const { fanIn, fanOut } = fans(spec);
  switch (init) {
    case "zeros":
      return values;
    case "ones":
      return values.fill(1);
    case "he-normal":
      return normal(values, Math.sqrt(2 / fanIn), rng);
    case "he-uniform":
      return uniform(values, Math.sqrt(6 / fanIn), rng);
    case "glorot-normal":
      return normal(values, Math.sqrt(2 / (fanIn + fanOut)), rng);
    case "glorot-uniform":
      return uniform(values, Math.sqrt(6 / (fanIn + fanOut)), rng);
    case "lecun-normal":
      return normal(values, Math.sqrt(1 / fanIn), rng);
    case "orthogonal":
      return orthogonal(spec.shape, rng);
  }
  init satisfies never;
}

/** Inputs to each output and outputs of each input, by Keras's rule: kernels are `[…positions, in, out]`; a vector has its length for both. */
export function fans(spec: WeightSpec): { fanIn: number; fanOut: number } {
  const { shape } = spec;
  const positions = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const last = shape.at(-1) ?? 1;
  const fanIn = spec.fanIn ?? positions * (shape.at(-2) ?? last);
  const fanOut = spec.fanOut ?? positions * last;
  return { fanIn: Math.max(1, fanIn), fanOut: Math.max(1, fanOut) };
}

/** Normal numbers of mean 0 and this standard deviation. */
function normal(values: Float32Array, deviation: number, rng: Rng): Float32Array {
  return multiply(rng.fillNormal(values), deviation);
}

function multiply(values: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
  return values;
}

/** Uniform numbers between −limit and limit. */
function uniform(values: Float32Array, limit: number, rng: Rng): Float32Array {
  rng.fillUniform(values);
  for (let i = 0; i < values.length; i++) values[i] = (2 * (values[i] as number) - 1) * limit;
  return values;
}

/**
 * The kernel seen as a matrix `[everything else, out]` gets orthonormal columns, or orthonormal rows where it is wider than
 * tall: normal vectors made orthogonal one after the other (Gram–Schmidt, twice over against rounding).
 */
function orthogonal(shape: readonly number[], rng: Rng): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  while (basis.length < Math.min(rows, columns)) {
    const vector = Float64Array.from({ length }, () => rng.normal());
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtract(vector, other, dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) basis.push(vector.map((value) => value / norm));
  }
  const values = new Float32Array(rows * columns);
  for (const [k, vector] of basis.entries())
    for (let i = 0; i < length; i++) values[rows >= columns ? i * columns + k : k * columns + i] = vector[i] as number;
  return values;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, times: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) - times * (b[i] as number);
}
