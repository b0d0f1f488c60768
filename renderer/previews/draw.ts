import { tokenColour } from "../theme/theme.ts";
import { classColours } from "./picture.tsx";

/** Drawings of plain arrays, for the data panel and the preview nodes. Contexts are in CSS pixels. */

type Context = CanvasRenderingContext2D;
type Values = Float32Array | Int32Array;

/** How many columns and rows of `height × width` pictures fill an area best. */
export function gridFor(count: number, aspect: number, width: number, height: number): { columns: number; rows: number; cell: number } {
  let best = { columns: 1, rows: count, cell: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = Math.min(width / columns, (height / rows) * aspect);
    if (cell > best.cell) best = { columns, rows, cell };
  }
  return best;
}

/**
 * A grid of pictures, `[count, height, width, channels]` with 1 or 3 channels. Values from 0 to 1 are shown as they are;
 * others are stretched from the lowest to the highest.
 */
export function drawImages(context: Context, values: Values, shape: readonly number[], width: number, height: number): void {
  const [count = 0, rows = 0, columns = 0, channels = 1] = shape;
  if (count * rows * columns === 0) return;
  const { low, high } = rangeOf(values);
  const gap = 2;
  const aspect = columns / rows;
  const grid = gridFor(count, aspect, width + gap, height + gap);
  const cellWidth = grid.cell - gap;
  const cellHeight = grid.cell / aspect - gap;
  const tile = new OffscreenCanvas(columns, rows);
  const pen = tile.getContext("2d");
  if (pen === null) return;
  const pixels = pen.createImageData(columns, rows);
  context.imageSmoothingEnabled = false;
  const elements = rows * columns * channels;
  const left = Math.max(0, (width - grid.columns * grid.cell + gap) / 2);
  for (let i = 0; i < count; i++) {
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = values[i * elements + pixel * channels + (channels === 3 ? colour : 0)] as number;
        pixels.data[pixel * 4 + colour] = ((value - low) / (high - low)) * 255;
      }
      pixels.data[pixel * 4 + 3] = 255;
    }
    pen.putImageData(pixels, 0, 0);
    context.drawImage(tile, left + (i % grid.columns) * grid.cell, Math.floor(i / grid.columns) * (cellHeight + gap), cellWidth, cellHeight);
  }
}

/**
 * The first matrix of `[…, rows, columns]` as a heat map, its largest magnitude in full colour: positive values in one hue,
 * negative ones in another.
 */
export function drawMatrix(context: Context, values: Values, shape: readonly number[], width: number, height: number): void {
  const [rows = 0, columns = 0] = shape.slice(-2);
  if (rows * columns === 0) return;
  let most = 0;
  for (let i = 0; i < rows * columns; i++) most = Math.max(most, Math.abs(values[i] as number));
  const [positive, negative] = [tokenColour("--accent"), tokenColour("--bad")];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (value === 0 || !Number.isFinite(value)) continue;
      context.globalAlpha = Math.abs(value) / most;
      context.fillStyle = value > 0 ? positive : negative;
      const [left, top] = [Math.floor((column * width) / columns), Math.floor((row * height) / rows)];
      context.fillRect(left, top, Math.ceil(((column + 1) * width) / columns) - left, Math.ceil(((row + 1) * height) / rows) - top);
    }
  }
  context.globalAlpha = 1;
}

function rangeOf(values: Values): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0 && high <= 1) return { low: 0, high: 1 };
  return { low, high: high > low ? high : low + 1 };
}

/** Points of the plane, `[count, 2 or more]`, coloured by class; axes through zero where it is in sight. */
export function drawScatter(
  context: Context,
  values: Values,
  shape: readonly number[],
  labels: Values | undefined,
  width: number,
  height: number,
): void {
  const count = shape[0] ?? 0;
  const stride = shape[1] ?? 2;
  const at = (i: number, axis: number) => values[i * stride + axis] as number;
  const xs = extent(count, (i) => at(i, 0));
  const ys = extent(count, (i) => at(i, 1));
  if (xs === undefined || ys === undefined) return;
  // One scale for both axes: a circle stays a circle.
  const pad = 6;
  const scale = Math.min((width - 2 * pad) / (xs.high - xs.low), (height - 2 * pad) / (ys.high - ys.low));
  const x = (value: number) => width / 2 + (value - (xs.low + xs.high) / 2) * scale;
  const y = (value: number) => height / 2 - (value - (ys.low + ys.high) / 2) * scale;
  context.strokeStyle = tokenColour("--line");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(x(0)) + 0.5, 0);
  context.lineTo(Math.round(x(0)) + 0.5, height);
  context.moveTo(0, Math.round(y(0)) + 0.5);
  context.lineTo(width, Math.round(y(0)) + 0.5);
  context.stroke();
  const colours = labels === undefined ? [tokenColour("--accent")] : classColours();
  context.globalAlpha = count > 300 ? 0.7 : 0.85;
  const radius = count > 300 ? 1.7 : 2.3;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(at(i, 0)) || !Number.isFinite(at(i, 1))) continue;
    context.fillStyle = colours[(labels?.[i] ?? 0) % colours.length] ?? "";
    context.beginPath();
    context.arc(x(at(i, 0)), y(at(i, 1)), radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function extent(count: number, value: (i: number) => number): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const v = value(i);
    if (!Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (low > high) return undefined;
  return high > low ? { low, high } : { low: low - 1, high: high + 1 };
}

/** Signals `[count, length]` or `[count, length, channels]`, one above the other, each on a scale of its own. */
export function drawSignals(context: Context, values: Values, shape: readonly number[], width: number, height: number, most = 8): void {
  const [count = 0, length = 0, channels = 1] = shape;
  const rows = Math.min(count, most);
  if (rows === 0 || length === 0) return;
  const tall = height / rows;
  const colours = classColours();
  context.lineWidth = 1.3;
  context.lineJoin = "round";
  for (let row = 0; row < rows; row++) {
    const start = row * length * channels;
    const range = extent(length * channels, (i) => values[start + i] as number);
    if (range === undefined) continue;
    for (let channel = 0; channel < Math.min(channels, colours.length); channel++) {
      context.strokeStyle = colours[channel] ?? "";
      context.beginPath();
      for (let i = 0; i < length; i++) {
        const value = values[start + i * channels + channel] as number;
        context.lineTo(
          1 + (i / Math.max(1, length - 1)) * (width - 2),
          row * tall + 3 + (1 - (value - range.low) / (range.high - range.low)) * (tall - 6),
        );
      }
      context.stroke();
    }
  }
}

/** A number over the steps. */
export function drawHistory(context: Context, steps: readonly number[], values: readonly number[], width: number, height: number): void {
  const range = extent(values.length, (i) => values[i] as number);
  const span = extent(steps.length, (i) => steps[i] as number);
  if (range === undefined || span === undefined) return;
  context.strokeStyle = tokenColour("--accent");
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const x = 2 + (((steps[i] as number) - span.low) / (span.high - span.low)) * (width - 4);
    context.lineTo(x, 3 + (1 - (value - range.low) / (range.high - range.low)) * (height - 6));
  });
  context.stroke();
}
