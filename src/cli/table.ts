/** A table for a terminal; columns of numbers stand to the right. Columns that are empty throughout are left out. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[], numeric: readonly number[] = []): string {
  const columns = head.map((_, index) => index).filter((index) => head[index] !== "" || rows.some((row) => row[index]));
  const widths = columns.map((index) => Math.max(...[head, ...rows].map((row) => (row[index] ?? "").length)));
  const line = (row: readonly string[]): string =>
    columns
      .map((index, at) => {
        const cell = row[index] ?? "";
        const width = widths[at] ?? 0;
        return numeric.includes(index) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return `${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}
