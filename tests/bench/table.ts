/** Prints rows as a Markdown table, ready for docs/performance.md; columns are the keys of all rows in their first order. */
export function printTable(rows: readonly object[]): void {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cells = rows.map((row) => {
    const values = new Map(Object.entries(row));
    return columns.map((column) => String(values.get(column) ?? ""));
  });
  const widths = columns.map((column, i) => Math.max(column.length, 3, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  console.log([line(columns), line(widths.map((width) => "-".repeat(width))), ...cells.map(line), ""].join("\n"));
}
