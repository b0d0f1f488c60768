import { encode } from "fast-png";
import type { Finding } from "../analysis/types.ts";

/** Pixels between two pictures of a grid. */
const gap = 1;

/** A finding as a PNG: a grid of pictures, or a surface in grey from its lowest to its highest value. Curves and tables have none. */
export function findingPicture(finding: Finding): Uint8Array | undefined {
  if (finding.kind === "curves" || finding.kind === "table") return undefined;
  const [count, height, width, channels] = finding.kind === "images" ? finding.shape : ([1, finding.rows, finding.columns, 1] as const);
  const across = (finding.kind === "images" && finding.across) || Math.ceil(Math.sqrt((count * height) / width));
  const down = Math.ceil(count / across);
  const [full, tall] = [across * (width + gap) - gap, down * (height + gap) - gap];
  const { low, high } = range(finding.values);
  const data = new Uint8Array(full * tall * 3).fill(255);
  for (let i = 0; i < count; i++) {
    const [top, left] = [Math.floor(i / across) * (height + gap), (i % across) * (width + gap)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let colour = 0; colour < 3; colour++) {
          const value = finding.values[((i * height + y) * width + x) * channels + (channels === 3 ? colour : 0)] as number;
          data[((top + y) * full + left + x) * 3 + colour] = Math.round((255 * (value - low)) / (high - low));
        }
  }
  return encode({ width: full, height: tall, data, channels: 3, depth: 8 });
}

/** 0 to 1 as it is; otherwise from the lowest to the highest. */
function range(values: Float32Array): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low >= 0 && high <= 1 ? { low: 0, high: 1 } : { low, high: high > low ? high : low + 1 };
}
