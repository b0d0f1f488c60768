import Papa from "papaparse";
import { type Column, guessColumn, isNumber } from "./columns.ts";
import { decodeText } from "./decode-text.ts";
import { type DataProblem, type Outcome, refuse } from "./types.ts";

/** More than any table one trains on here; little enough to hold in memory several times. */
const csvLimits = { bytes: 100 * 1024 * 1024, rows: 2_000_000, columns: 500, problems: 20 } as const;

/** A table as read: columns in the file's order, all equally long. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** Line of each row in the file, counted from 1. */
  readonly lines: Int32Array;
  /** What was assumed or mended, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a table of text: comma, semicolon, tab or bar between cells, one header line (or none, if the first line holds
 * numbers only). Every problem names its line.
 * @param separator what stands between cells, where that is known
 */
export function readCsv(bytes: Uint8Array, separator?: string): Outcome<{ readonly table: Table }> {
  if (bytes.length === 0) return refuse("The file is empty.", { line: 1 });
  if (bytes.length > csvLimits.bytes)
    return refuse(`The file has ${megabytes(bytes.length)}; at most ${megabytes(csvLimits.bytes)} can be read. Take a part of it.`, { line: 1 });
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const text = decoded.text.replace(/^\uFEFF/, "");
  const parsed = Papa.parse<string[]>(text, { delimiter: separator ?? guessSeparator(text), delimitersToGuess: [...separators] });
  const { rows, lines, lineOfRecord } = numberLines(parsed.data);
  if (rows.length === 0) return refuse("The file has only blank lines.", { line: 1 });
  const decimalComma = parsed.meta.delimiter !== ",";
  const first = rows[0] as string[];
  const headed = !first.every((cell) => isNumber(cell, decimalComma));
  const names = headed ? first.map((cell, i) => cell.trim() || `column ${i + 1}`) : first.map((_, i) => `column ${i + 1}`);
  const body = headed ? rows.slice(1) : rows;
  const bodyLines = Int32Array.from(headed ? lines.slice(1) : lines);
  const problems = [
    ...quoteProblems(parsed.errors, lineOfRecord),
    ...headerProblems(names, lines[0] ?? 1),
    ...(body.length === 0 ? [{ message: "There is a header but no row of data.", line: lines[0] ?? 1 }] : []),
    ...(body.length > csvLimits.rows
      ? [{ message: `There are more than ${csvLimits.rows} rows. Take a part of the table.`, line: bodyLines[csvLimits.rows] ?? 1 }]
      : []),
    ...raggedRows(body, bodyLines, names.length, parsed.meta.delimiter),
  ];
  if (problems.length > 0) return { ok: false, problems: shorten(problems) };
  const columns = names.map((name, i) =>
    guessColumn(
      name,
      body.map((row) => row[i] as string),
      decimalComma,
    ),
  );
  const notes = headed ? [] : ["The first line holds numbers only, so the columns are named by their place."];
  return { ok: true, table: { columns, rows: body.length, lines: bodyLines, notes: [...notes, ...columns.flatMap((column) => column.notes)] } };
}

/** Commas come last: in tables that separate otherwise they stand in numbers. */
const separators = ["\t", ";", "|", ","] as const;

/** The first that gives each of the first ten lines the same number of cells, more than one; `""` leaves it to the parser. */
const guessSeparator = (text: string): string =>
  separators.find((delimiter) => {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: 10, skipEmptyLines: "greedy" });
    const cells = data[0]?.length ?? 0;
    return cells > 1 && data.every((row) => row.length === cells);
  }) ?? "";

/** Rows that are not blank, with the line where each starts; quoted cells may hold line breaks. */
function numberLines(records: readonly string[][]): { rows: string[][]; lines: number[]; lineOfRecord: number[] } {
  const rows: string[][] = [];
  const lines: number[] = [];
  const lineOfRecord: number[] = [];
  let line = 1;
  for (const record of records) {
    lineOfRecord.push(line);
    if (record.some((cell) => cell.trim() !== "")) {
      rows.push(record);
      lines.push(line);
    }
    line++;
    for (const cell of record) if (/[\r\n]/.test(cell)) line += (cell.match(/\r\n|\r|\n/g) ?? []).length;
  }
  return { rows, lines, lineOfRecord };
}

function headerProblems(names: readonly string[], line: number): DataProblem[] {
  if (names.length > csvLimits.columns) return [{ message: `There are ${names.length} columns; at most ${csvLimits.columns} can be read.`, line }];
  const seen = new Map<string, number>();
  const problems: DataProblem[] = [];
  names.forEach((name, i) => {
    const before = seen.get(name);
    if (before === undefined) seen.set(name, i);
    else problems.push({ message: `Columns ${before + 1} and ${i + 1} are both named "${short(name)}". Give each column a name of its own.`, line });
  });
  return problems;
}

const raggedRows = (body: readonly string[][], lines: Int32Array, columns: number, delimiter: string): DataProblem[] =>
  body.flatMap((row, i) => (row.length === columns ? [] : [{ message: raggedMessage(row.length, columns, delimiter), line: lines[i] as number }]));

function raggedMessage(cells: number, columns: number, delimiter: string): string {
  const remedy =
    cells < columns
      ? "Fill in the missing ones; they may be empty."
      : `Put quotes around cells that contain ${delimiter === "\t" ? "a tab" : `"${delimiter}"`}.`;
  return `The row has ${cells} ${cells === 1 ? "cell" : "cells"}, the first line ${columns}. ${remedy}`;
}

const quoteProblems = (errors: readonly Papa.ParseError[], lineOfRecord: readonly number[]): DataProblem[] =>
  errors.filter(({ type }) => type === "Quotes").map(({ code, row }) => ({ message: quoteMessage(code), line: lineOfRecord[row ?? 0] ?? 1 }));

const quoteMessage = (code: string) =>
  code === "MissingQuotes"
    ? "A quoted cell begins here and never ends. Close it with a quote."
    : "A quote stands where none can be. Double the quotes inside a quoted cell.";

function shorten(problems: readonly DataProblem[]): DataProblem[] {
  const more = problems.length - csvLimits.problems;
  if (more <= 0) return [...problems];
  return [...problems.slice(0, csvLimits.problems), { message: `And ${more} more lines like these.`, line: problems[csvLimits.problems]?.line }];
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
