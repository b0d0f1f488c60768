import type { PreviewFrame } from "../../src/training/types.ts";
import { tokenColour } from "../theme/theme.ts";

type Values = PreviewFrame["ports"][string]["values"];

const bins = 40;

/** Histograms on one scale: of x as bars, of what it is compared with as a line. Both have an area of 1. */
export function drawDensity(context: CanvasRenderingContext2D, x: Values, other: Values | undefined, width: number, height: number): void {
  const range = rangeOf(other ? [x, other] : [x]);
  if (!range) return;
  const bars = share(x, range);
  const line = other && share(other, range);
  const most = Math.max(...bars, ...(line ?? []));
  const axis = 16;
  const step = width / bins;
  const top = (value: number) => (height - axis) * (1 - (0.95 * value) / most);
  context.globalAlpha = 0.55;
  context.fillStyle = tokenColour("--accent");
  for (const [i, value] of bars.entries()) context.fillRect(i * step, top(value), Math.ceil(step), height - axis - top(value));
  context.globalAlpha = 1;
  if (line) {
    context.strokeStyle = tokenColour("--text");
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [i, value] of line.entries()) {
      context.lineTo(i * step, top(value));
      context.lineTo((i + 1) * step, top(value));
    }
    context.stroke();
  }
  context.fillStyle = tokenColour("--faint");
  context.font = "10px sans-serif";
  context.textBaseline = "bottom";
  context.textAlign = "left";
  context.fillText(range.low.toPrecision(2), 1, height);
  context.textAlign = "right";
  context.fillText(range.high.toPrecision(2), width - 1, height);
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function rangeOf(lists: readonly Values[]): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return undefined;
  return high > low ? { low, high } : { low: low - 1, high: high + 1 };
}

/** The share of the numbers in each bin. */
function share(values: Values, { low, high }: Range): number[] {
  const counts = new Array<number>(bins).fill(0);
  let total = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
    total++;
  }
  return counts.map((count) => count / Math.max(1, total));
}
