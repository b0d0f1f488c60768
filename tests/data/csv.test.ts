import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { readCsv, type Table } from "../../src/data/csv.ts";
import { utf8 } from "./reader.ts";

const table = (text: string): Table => {
  const outcome = readCsv(utf8(text));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.table;
};
const problems = (bytes: Uint8Array | string) => {
  const outcome = readCsv(typeof bytes === "string" ? utf8(bytes) : bytes);
  return outcome.ok ? [] : outcome.problems;
};
const kinds = (of: Table) => Object.fromEntries(of.columns.map(({ name, kind }) => [name, kind]));

describe("a good table", () => {
  test("has its column kinds guessed: numbers, categories, free text left out", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i / 7},${i % 2 ? "red" : "blue"},remark number ${i},${i + 1}`);
    expect(kinds(table(["size,colour,remark,id", ...rows].join("\n")))).toEqual({
      size: "number",
      colour: "category",
      remark: "ignored",
      id: "ignored",
    });
  });

  test.each([",", ";", "\t", "|"])("is read with %j between cells", (separator) => {
    const text = [
      ["a", "b"],
      ["1", "x"],
      ["2", "y"],
    ]
      .map((row) => row.join(separator))
      .join("\r\n");
    expect(kinds(table(text))).toEqual({ a: "number", b: "category" });
  });

  test("may write a decimal comma where commas do not separate", () =>
    expect(table("a;b\n1,5;2\n-0,25;3").columns[0]).toMatchObject({ kind: "number", values: Float64Array.of(1.5, -0.25) }));

  test("may have no header: columns are then named by place, and a note says so", () => {
    const { columns, rows, notes } = table("5.1,3.5\n4.9,3.0\n4.7,3.2\n");
    expect([columns.map(({ name }) => name), rows]).toEqual([["column 1", "column 2"], 3]);
    expect(notes[0]).toContain("numbers only");
  });

  test("reports what is missing, by column", () => {
    const { columns, notes } = table("age,colour\n3,red\nNA,red\n,blue\n4,?\n");
    expect(columns.map(({ missing }) => missing)).toEqual([2, 1]);
    expect(notes).toEqual([
      '"age" has no value in 2 rows; the mean stands in.',
      '"colour" has no value in 1 row; none of its categories is set there.',
    ]);
  });

  test("may be UTF-8 with a mark, UTF-16, or Windows-1252", () => {
    const text = "größe,b\n1,é\n2,ü\n";
    const names = (bytes: Uint8Array) => {
      const outcome = readCsv(bytes);
      return outcome.ok ? outcome.table.columns[0]?.name : outcome.problems;
    };
    expect(names(utf8(`\uFEFF${text}`))).toBe("größe");
    expect(names(new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le")))).toBe("größe");
    expect(names(new Uint8Array(Buffer.from(text, "latin1")))).toBe("größe");
  });

  test("may have no header and decimal commas", () => expect(table("1,5;2\n-0,25;3").rows).toBe(2));

  test("keeps blank lines and line breaks within quotes from shifting the line numbers", () => {
    const outcome = readCsv(utf8('a,b\n"one\ntwo",2\n\nx,1,extra\n'));
    expect(outcome).toMatchObject({ ok: false, problems: [{ line: 5 }] });
  });

  test("gives back any cells that were written", () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => `v${text.replaceAll("\0", "")}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 10 }), (rows) => {
        const text = Papa.unparse([["a", "b", "c"], ...rows]);
        const read = table(text);
        expect(rows.map((_, i) => read.columns.map(({ cells }) => cells[i]))).toEqual(rows);
      }),
    );
  });
});

describe("a bad table is refused with the line and what to do", () => {
  test("rows that are too short or too long", () => {
    expect(problems("a,b,c\n1,2,3\n1,2\n1,2,3,4\n")).toEqual([
      { message: "The row has 2 cells, the first line 3. Fill in the missing ones; they may be empty.", line: 3 },
      { message: 'The row has 4 cells, the first line 3. Put quotes around cells that contain ",".', line: 4 },
    ]);
  });

  test("hundreds of thousands of such rows make a short list", () => {
    const found = problems(`a,b\n${"1\n".repeat(300_000)}`);
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toEqual({ message: "And 299980 more lines like these.", line: 22 });
  });

  test.each([
    ["an empty file", "", "The file is empty."],
    ["blank lines alone", "\n\n  \n", "The file has only blank lines."],
    ["a header alone", "a,b\n", "There is a header but no row of data."],
    ["two columns of one name", "a,b,a\n1,2,3\n", 'Columns 1 and 3 are both named "a". Give each column a name of its own.'],
  ])("%s", (_, text, message) => expect(problems(text)).toEqual([{ message, line: 1 }]));

  test("a binary file", () => expect(problems(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1))[0]?.message).toContain("binary file"));
  test("a quote that never closes", () =>
    expect(problems('a,b\n1,2\n"x,3\n4,5\n')[0]).toEqual({ message: "A quoted cell begins here and never ends. Close it with a quote.", line: 3 }));
  test("a file beyond the limit, without reading it", () =>
    expect(problems(new Uint8Array(100 * 1024 * 1024 + 1))[0]?.message).toContain("at most 100 MiB"));
  test("more columns than can be used", () =>
    expect(problems(`${Array.from({ length: 501 }, (_, i) => `c${i}`).join(",")}\n`)[0]?.message).toContain("at most 500"));
});

test("whatever the bytes, the answer is a table or problems with lines, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 200 }).map(utf8)), (bytes) => {
      const outcome = readCsv(bytes);
      if (outcome.ok) expect(outcome.table.columns.every(({ cells }) => cells.length === outcome.table.rows)).toBe(true);
      else expect(outcome.problems.every(({ line }) => line !== undefined && line >= 1)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
