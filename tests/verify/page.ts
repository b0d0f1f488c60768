import { readFileSync, writeFileSync } from "node:fs";

const page = "docs/systems.md";

/** Puts a template's row into docs/systems.md, in place of an earlier one. The other rows are those that stand there now. */
export function setRow(id: string, cells: readonly (string | number)[]): void {
  const rows = new Map(existingRows());
  rows.set(id, `| ${[id, ...cells].join(" | ")} |`);
  const lines = [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([, row]) => row);
  writeFileSync(
    page,
    `# What the templates reach

Written by \`npm run verify\`, which trains each template as its document says, on the WebAssembly backend in Node, and fails where a figure misses its bound.
Figures are those reached, on all of the named split, or by the analyses that the document lists; minutes are those of the machine that ran it (two cores, no GPU) and say little about yours.

| template | section | parameters | data | steps | seed | time | reached |
|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`,
  );
}

export const format = (value: number): string => (Number.isInteger(value) ? count(value) : value.toPrecision(4));

export const count = (value: number): string => value.toLocaleString("en");

function existingRows(): [string, string][] {
  try {
    return readFileSync(page, "utf8")
      .split("\n")
      .filter((line) => /^\| [a-z0-9-]+ \| \d/.test(line))
      .map((line) => [line.split("|")[1]?.trim() ?? "", line]);
  } catch {
    return [];
  }
}
