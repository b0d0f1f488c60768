import { formatShape, type Shape } from "../../src/tensor/types.ts";

/** Numbers and shapes as people read them, short enough for a node. */

const units = [
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
] as const;

/** `2,050` · `61.1 M` · `175 B`: exact up to a million, three figures beyond. */
export function formatCount(count: number): string {
  for (const [size, unit] of units) {
    if (count >= size * 0.9995) {
      const scaled = count / size;
      return `${scaled >= 99.95 ? Math.round(scaled).toLocaleString("en") : scaled >= 9.995 ? scaled.toFixed(1) : scaled.toFixed(2)} ${unit}`;
    }
  }
  return count.toLocaleString("en");
}

/** Every digit: `174,604,204,032`. */
export const formatExact = (count: number): string => count.toLocaleString("en");

/** `1 node`, `3 nodes`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A shape on a wire: the batch is a dot, `[·, 28, 28, 1]`. */
export const shortShape = (shape: Shape): string => `[${shape.map((dim) => (dim === "batch" ? "·" : dim)).join(", ")}]`;

/** A percentage without false precision: `34 %`, `0.2 %`, `< 0.1 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "< 0.1 %";
  return percent < 10 && percent % 1 !== 0 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}

/** Bytes of float32 numbers: `54 KiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] =
    bytes < 2 ** 20 ? [2 ** 10, "KiB"] : bytes < 2 ** 30 ? [2 ** 20, "MiB"] : bytes < 2 ** 40 ? [2 ** 30, "GiB"] : [2 ** 40, "TiB"];
  const scaled = bytes / size;
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled).toLocaleString("en")} ${unit}`;
}

/** 1 axis · 4 axes: ranks, as messages say them. */
export const formatRank = (rank: number | readonly number[]): string => {
  const ranks = typeof rank === "number" ? [rank] : rank;
  const last = ranks.at(-1);
  return `${ranks.length > 1 ? `${ranks.slice(0, -1).join(", ")} or ${last}` : last} ${last === 1 ? "axis" : "axes"}`;
};

export { formatShape };
