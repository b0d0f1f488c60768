import type { Finding } from "../../src/analysis/types.ts";
import { tokenColour } from "../theme/theme.ts";

type Surface = Extract<Finding, { kind: "surface" }>;

/** Bands of equal height, on a logarithmic scale. */
const bands = 14;

/** A surface from above, in bands whose edges are contour lines; values between grid points are interpolated. */
export function drawSurface(context: CanvasRenderingContext2D, { values, rows, columns }: Surface, width: number, height: number): void {
  const logs = Float32Array.from(values, (value) => Math.log(Math.max(value, 1e-9)));
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of logs) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const band = (value: number) => Math.min(bands - 1, Math.floor((bands * (value - low)) / (high - low || 1)));
  const at = (row: number, column: number) => logs[row * columns + column] as number;
  const scaleX = (columns - 1) / Math.max(1, width - 1);
  const scaleY = (rows - 1) / Math.max(1, height - 1);
  const levels = Array.from({ length: height }, (_, y) => {
    const v = (height - 1 - y) * scaleY;
    const row = Math.min(rows - 2, Math.floor(v));
    return Array.from({ length: width }, (_, x) => {
      const u = x * scaleX;
      const column = Math.min(columns - 2, Math.floor(u));
      const [a, b] = [u - column, v - row];
      const lower = at(row, column) * (1 - a) + at(row, column + 1) * a;
      return band(lower * (1 - b) + (at(row + 1, column) * (1 - a) + at(row + 1, column + 1) * a) * b);
    });
  });
  context.fillStyle = tokenColour("--accent");
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; ) {
      const level = levels[y]?.[x] ?? 0;
      let end = x;
      while (end < width && levels[y]?.[end] === level) end++;
      context.globalAlpha = 0.9 * (1 - level / bands);
      context.fillRect(x, y, end - x, 1);
      x = end;
    }
  }
  context.globalAlpha = 0.35;
  context.fillStyle = tokenColour("--text");
  for (let y = 1; y < height; y++)
    for (let x = 1; x < width; x++) if (levels[y]?.[x] !== levels[y]?.[x - 1] || levels[y]?.[x] !== levels[y - 1]?.[x]) context.fillRect(x, y, 1, 1);
  context.globalAlpha = 1;
  context.strokeStyle = tokenColour("--text");
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(width / 2 - 5, height / 2);
  context.lineTo(width / 2 + 5, height / 2);
  context.moveTo(width / 2, height / 2 - 5);
  context.lineTo(width / 2, height / 2 + 5);
  context.stroke();
}
