/** One column of a table, its kind guessed from its cells. */
export type Column = NumberColumn | CategoryColumn | IgnoredColumn;

interface Common {
  readonly name: string;
  /** Cells without a value. */
  readonly missing: number;
  /** The cells as they stand in the file. */
  readonly cells: readonly string[];
  readonly notes: readonly string[];
}
export interface NumberColumn extends Common {
  readonly kind: "number";
  /** NaN where a value is missing. */
  readonly values: Float64Array;
  /** Distinct values in rising order where they are few whole numbers, so that the column may be a class label. */
  readonly levels?: readonly number[];
}
export interface CategoryColumn extends Common {
  readonly kind: "category";
  /** In alphabetical order. */
  readonly categories: readonly string[];
  /** Index into `categories`; −1 where a value is missing. */
  readonly values: Int32Array;
}
export interface IgnoredColumn extends Common {
  readonly kind: "ignored";
}

/** Words for "no value". */
const missingWords = new Set(["", "na", "n/a", "nan", "null", "none", "?", "-"]);

const isMissing = (cell: string) => missingWords.has(cell.trim().toLowerCase());

const most = { categories: 100, levels: 20 } as const;

/**
 * Numbers if every cell that is there is one; categories if values repeat (at most 100 of them, and at most half as many
 * as cells); else text that is left out, as are row numbers.
 */
export function guessColumn(name: string, cells: readonly string[], decimalComma: boolean): Column {
  const missing = cells.reduce((count, cell) => count + (isMissing(cell) ? 1 : 0), 0);
  const common = { name, cells, missing };
  const present = cells.length - missing;
  if (present === 0) return { ...common, kind: "ignored", notes: [`"${name}" has no values and is left out.`] };
  const values = readNumbers(cells, decimalComma);
  if (values) {
    if (isRowNumber(name, values)) return { ...common, kind: "ignored", notes: [`"${name}" only numbers the rows and is left out.`] };
    const notes = missing > 0 ? [`"${name}" has no value in ${rows(missing)}; the mean stands in.`] : [];
    return { ...common, kind: "number", values, notes, ...levelsOf(values, present) };
  }
  const categories = [...new Set(cells.filter((cell) => !isMissing(cell)).map((cell) => cell.trim()))].sort();
  if (categories.length > most.categories || (categories.length > 10 && categories.length > present / 2)) {
    return { ...common, kind: "ignored", notes: [`"${name}" is free text (${categories.length} different values) and is left out.`] };
  }
  const index = new Map(categories.map((category, i) => [category, i]));
  const notes = missing > 0 ? [`"${name}" has no value in ${rows(missing)}; none of its categories is set there.`] : [];
  return {
    ...common,
    kind: "category",
    categories,
    notes,
    values: Int32Array.from(cells, (cell) => (isMissing(cell) ? -1 : (index.get(cell.trim()) ?? -1))),
  };
}

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const commaNumber = /^[+-]?\d+,\d+$/;

/** The number that a cell holds, NaN if it holds none or one too large for 32 bits. */
function readNumber(cell: string, decimalComma: boolean): number {
  const text = decimalComma && commaNumber.test(cell) ? cell.replace(",", ".") : cell;
  const value = plainNumber.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : Number.NaN;
}

/** True for a cell that holds a number; `decimalComma` allows `1,5`. */
export const isNumber = (cell: string, decimalComma: boolean): boolean => !Number.isNaN(readNumber(cell.trim(), decimalComma));

/** The numbers of a column, NaN where a value is missing, or undefined if some cell holds something else. */
function readNumbers(cells: readonly string[], decimalComma: boolean): Float64Array | undefined {
  const values = new Float64Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const cell = (cells[i] as string).trim();
    const value = readNumber(cell, decimalComma);
    if (Number.isNaN(value) && !isMissing(cell)) return undefined;
    values[i] = value;
  }
  return values;
}

/** A column such as `id` that counts 0, 1, 2 … or 1, 2, 3 … */
const isRowNumber = (name: string, values: Float64Array) =>
  values.length >= 3 &&
  /^(column 1|unnamed: 0|id|index|row|no\.?|nr\.?|#)$/i.test(name) &&
  values.every((value, i) => value === i + (values[0] === 1 ? 1 : 0));

function levelsOf(values: Float64Array, present: number): { levels?: readonly number[] } {
  const levels = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return {};
    levels.add(value);
    if (levels.size > most.levels) return {};
  }
  return levels.size * 2 <= present ? { levels: [...levels].sort((a, b) => a - b) } : {};
}

const rows = (count: number) => (count === 1 ? "1 row" : `${count} rows`);
