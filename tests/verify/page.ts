import { readFileSync, writeFileSync } from "node:fs";

const page = "docs/systems.md";

/** Where the table of large graphs begins. */
const heading = "## Large graphs";

type Cells = readonly (string | number)[];
interface Rows {
  readonly templates: ReadonlyMap<string, string>;
  readonly graphs: ReadonlyMap<string, string>;
}

/** Puts a template's row into docs/systems.md, in place of an earlier one. The other rows are those that stand there now. */
export function setRow(id: string, cells: Cells): void {
  const { templates, graphs } = existingRows();
  write({ templates: new Map(templates).set(id, row(id, cells)), graphs });
}

/** The same for a row of the table of large graphs, which stands below the templates. */
export function setGraphRow(id: string, cells: Cells): void {
  const { templates, graphs } = existingRows();
  write({ templates, graphs: new Map(graphs).set(id, row(id, cells)) });
}

const row = (id: string, cells: Cells): string => `| ${[id, ...cells].join(" | ")} |`;

function write({ templates, graphs }: Rows): void {
  const large = `
${heading}

Written by \`npm run verify -- graph-scale\`, which trains two templates on a graph of a million nodes and ten million edges, and fails where the process needs more than 8 GiB.
Memory is the most that the process held at any time until then, the drawing of the graph included; a step's time is the median.

| template | nodes | edges | batch | steps | made ready in | ms a step | memory | loss |
|---|---|---|---|---|---|---|---|---|
${sorted(graphs)}
`;
  writeFileSync(
    page,
    `# What the templates reach

Written by \`npm run verify\`, which trains each template as its document says, on the WebAssembly backend in Node, and fails where a figure misses its bound.
Figures are those reached, on all of the named split, or by the analyses that the document lists; minutes are those of the machine that ran it (two cores, no GPU) and say little about yours.

| template | section | parameters | data | steps | seed | time | reached |
|---|---|---|---|---|---|---|---|
${sorted(templates)}
${graphs.size > 0 ? large : ""}`,
  );
}

const sorted = (rows: ReadonlyMap<string, string>): string =>
  [...rows]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, line]) => line)
    .join("\n");

export const format = (value: number): string => (Number.isInteger(value) ? count(value) : value.toPrecision(4));

export const count = (value: number): string => value.toLocaleString("en");

function existingRows(): Rows {
  try {
    const [templates = "", graphs = ""] = readFileSync(page, "utf8").split(heading);
    return { templates: rowsOf(templates), graphs: rowsOf(graphs) };
  } catch {
    return { templates: new Map(), graphs: new Map() };
  }
}

const rowsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split("\n")
      .filter((line) => /^\| [a-z0-9-]+ \| \d/.test(line))
      .map((line) => [line.split("|")[1]?.trim() ?? "", line]),
  );
