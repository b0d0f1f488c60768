import { drawMatrix, gridFor } from "./draw.ts";

type Values = Float32Array | Int32Array;

/** More squares than that are too small to be read. */
const most = 16;
const gap = 4;

/** How many matrices the first example has: one, or one for each head of `[batch, heads, rows, columns]`. */
const matricesOf = (shape: readonly number[]): number => Math.min(most, shape.length < 4 ? 1 : shape.slice(1, -2).reduce((n, size) => n * size, 1));

/** The first example's matrices side by side, each on a scale of its own: an attention map for each head. */
export function drawMatrices(context: CanvasRenderingContext2D, values: Values, shape: readonly number[], width: number, height: number): void {
  const count = matricesOf(shape);
  const [rows = 1, columns = 1] = shape.slice(-2);
  const grid = gridFor(count, columns / rows, width + gap, height + gap);
  for (let i = 0; i < count; i++) {
    context.save();
    context.translate((i % grid.columns) * grid.cell, Math.floor(i / grid.columns) * (grid.cell / (columns / rows)));
    const part = values.subarray(i * rows * columns, (i + 1) * rows * columns);
    drawMatrix(context, part, [rows, columns], grid.cell - gap, grid.cell / (columns / rows) - gap);
    context.restore();
  }
}

/** The height at which they fill that width: as many across as down, or nearly. */
export function matricesHeight(shape: readonly number[], width: number): number {
  const count = matricesOf(shape);
  const [rows = 1, columns = 1] = shape.slice(-2);
  const across = Math.ceil(Math.sqrt(count));
  return Math.round(Math.min(1.2 * width, ((width / across) * rows * Math.ceil(count / across)) / columns));
}
