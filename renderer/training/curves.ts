import type { Split } from "../../src/tensor/dataset.ts";
import type { MetricsRow } from "../../src/training/types.ts";

/** One value of one split over the steps of a run; steps rise strictly. */
export interface Series {
  readonly steps: number[];
  readonly values: number[];
}

/** `"test/accuracy"` → its series. Grows in place: a run has many rows, and only charts read them. */
export type Curves = Map<string, Series>;

export const curveKey = (split: Split, name: string): string => `${split}/${name}`;

/** Splits `"test/block/loss"` into split and name. */
export function readCurveKey(key: string): { split: string; name: string } {
  const slash = key.indexOf("/");
  return { split: key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * Adds rows to the curves, in place. A row that steps back replaces what came after it: the run was continued
 * from an earlier checkpoint, and what it had done since is done again.
 */
export function appendRows(curves: Curves, rows: readonly MetricsRow[]): void {
  for (const row of rows) {
    for (const [name, value] of Object.entries(row.values)) {
      const key = curveKey(row.split, name);
      let series = curves.get(key);
      if (series === undefined) {
        series = { steps: [], values: [] };
        curves.set(key, series);
      }
      cutFrom(series, row.step);
      series.steps.push(row.step);
      series.values.push(value);
    }
  }
}

/** Takes away everything after `step`: a run that goes on from its checkpoint does those steps again. */
export function rewind(curves: Curves, step: number): void {
  for (const series of curves.values()) cutFrom(series, step + 1);
}

function cutFrom(series: Series, step: number): void {
  let length = series.steps.length;
  while (length > 0 && (series.steps[length - 1] as number) >= step) length--;
  series.steps.length = length;
  series.values.length = length;
}

/** The latest value of each curve, as a run's record keeps them. Numbers that are not finite are left out: JSON has none. */
export function latestFigures(curves: Curves): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [key, series] of curves) {
    const value = series.values.at(-1);
    if (value !== undefined && Number.isFinite(value)) figures[key] = value;
  }
  return figures;
}

/** Rows as JSON lines, one a row, each line ended. */
export const writeRows = (rows: readonly MetricsRow[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Reads a run's metrics file. Lines that are torn (the app died while writing) or foreign are passed over. */
export function readRows(text: string): MetricsRow[] {
  const rows: MetricsRow[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      const row: unknown = JSON.parse(line);
      if (isRow(row)) rows.push(row);
    } catch {
      // A torn line: the rest of the file still counts.
    }
  }
  return rows;
}

function isRow(value: unknown): value is MetricsRow {
  if (typeof value !== "object" || value === null) return false;
  const row = value as Partial<MetricsRow>;
  return typeof row.step === "number" && typeof row.split === "string" && typeof row.values === "object" && row.values !== null;
}

/** The rows as CSV: a line for each step and split, a column for each value; empty where a row has none. */
export function rowsToCsv(rows: readonly MetricsRow[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.values)))];
  const header = ["step", "epoch", "seconds", "split", ...names].map(quote).join(",");
  const lines = rows.map((row) => [row.step, row.epoch, row.seconds, row.split, ...names.map((name) => row.values[name] ?? "")].map(quote).join(","));
  return `${[header, ...lines].join("\r\n")}\r\n`;
}

const quote = (cell: string | number): string => {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
