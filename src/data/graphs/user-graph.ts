import { readCsv, type Table } from "../csv.ts";
import { type DataProblem, type Outcome, refuse } from "../types.ts";
import type { ZipEntry } from "../zip.ts";
import { graphLimits, readEdges, type UserEdges } from "./edge-table.ts";

/** A user's graph: edges, and what is known of nodes. */
export interface UserGraph {
  readonly nodes: number;
  readonly edges: UserEdges;
  /** What is known of nodes besides their names: features, and columns that may be predicted. */
  readonly table?: Table;
  /** The part of each node, where a column says so: 0 training, 1 validation, 2 test, −1 none. */
  readonly parts?: Int32Array;
  /** The table that a person sees: of nodes if there is one, else of edges. */
  readonly shown: Table;
}

const fileName = (path: string): string => path.split("/").at(-1) ?? path;
const isEdgeFile = (path: string): boolean => /^edges\.(csv|tsv)$/i.test(fileName(path));
const isNodeFile = (path: string): boolean => /^nodes\.(csv|tsv)$/i.test(fileName(path));

/** True for the content of a zip or folder that is a graph. */
export const isGraphFolder = (entries: readonly ZipEntry[]): boolean => entries.some(({ path }) => isEdgeFile(path));

/** Reads `edges.csv`, and `nodes.csv` if it is there, out of a zip or folder; other files in it do not matter. */
export function readGraphFolder(entries: readonly ZipEntry[]): Outcome<{ readonly graph: UserGraph }> {
  const [edges, second] = entries.filter(({ path }) => isEdgeFile(path));
  const [nodes, third] = entries.filter(({ path }) => isNodeFile(path));
  const twice = second ?? third;
  if (edges === undefined) return refuse('There is no "edges.csv".');
  if (twice) return refuse(`There is more than one file of that name. A graph has one "edges.csv" and one "nodes.csv".`, { file: twice.path });
  const edgeTable = tableOf(edges);
  if (!edgeTable.ok) return edgeTable;
  const nodeTable = nodes && tableOf(nodes);
  if (nodeTable && !nodeTable.ok) return nodeTable;
  return readGraph(edgeTable.table, nodeTable?.table, { edges: edges.path, nodes: nodes?.path });
}

/**
 * A graph from its tables.
 * @param files what the tables are called in messages; the only file of a data set needs no name
 */
export function readGraph(
  edgeTable: Table,
  nodeTable?: Table,
  files: { readonly edges?: string | undefined; readonly nodes?: string | undefined } = {},
): Outcome<{ readonly graph: UserGraph }> {
  const named = nodeTable && within(files.nodes, readNodes(nodeTable));
  if (named && !named.ok) return named;
  const numbers = named?.numbers ?? new Map<string, number>();
  const read = within(files.edges, readEdges(edgeTable, { numbers, file: nodeTable && (files.nodes ?? "the table of nodes") }));
  if (!read.ok) return read;
  const { edges } = read;
  if (edges.pairs.length === 0) return refuse("No edge joins two different nodes.", { file: files.edges });
  const parts = named?.parts;
  return {
    ok: true,
    graph: { nodes: numbers.size, edges, shown: nodeTable ?? edgeTable, ...(named && { table: named.table }), ...(parts && { parts }) },
  };
}

function tableOf(entry: ZipEntry): Outcome<{ readonly table: Table }> {
  let bytes: Uint8Array;
  try {
    bytes = entry.read();
  } catch (error) {
    return refuse(`It cannot be read: ${error instanceof Error && error.message ? error.message : "it is damaged"}.`, { file: entry.path });
  }
  return within(entry.path, readCsv(bytes));
}

/** The outcome with its problems in a file. */
const within = <T>(file: string | undefined, outcome: Outcome<T>): Outcome<T> =>
  outcome.ok || file === undefined ? outcome : { ok: false, problems: outcome.problems.map((problem) => ({ file, ...problem })) };

interface NamedNodes {
  readonly numbers: Map<string, number>;
  readonly table: Table;
  readonly parts?: Int32Array;
}

function readNodes(table: Table): Outcome<NamedNodes> {
  const id = table.columns.find(({ name }) => /^(id|node)$/i.test(name.trim()));
  if (id === undefined) return refuse('There is no column "id". It says what each node is called in the edges.', { line: 1 });
  if (table.rows > graphLimits.nodes)
    return refuse(`There are ${table.rows} nodes; at most ${graphLimits.nodes} can be read. Take a part of the graph.`);
  const numbers = new Map<string, number>();
  const problems: DataProblem[] = [];
  for (const [row, cell] of id.cells.entries()) {
    const name = cell.trim();
    const before = numbers.get(name);
    if (name === "") problems.push({ message: "The node has no id.", line: table.lines[row] });
    else if (before !== undefined)
      problems.push({
        message: `The id "${name.slice(0, 40)}" is on line ${table.lines[before]} already. Give each node an id of its own.`,
        line: table.lines[row],
      });
    else numbers.set(name, row);
    if (problems.length === graphLimits.problems) break;
  }
  const split = table.columns.find(({ name }) => /^split$/i.test(name.trim()));
  const parts = split && partsOf(split.cells, table.lines, problems);
  if (problems.length > 0) return { ok: false, problems };
  const columns = table.columns.filter((column) => column !== id && column !== split);
  return { ok: true, numbers, table: { ...table, columns }, ...(parts && { parts }) };
}

/** What a split may be called. */
const partNames = [/^(train|training)$/i, /^(val|valid|validation)$/i, /^test$/i, /^$/] as const;

function partsOf(cells: readonly string[], lines: Int32Array, problems: DataProblem[]): Int32Array {
  return Int32Array.from(cells, (cell, row) => {
    const part = partNames.findIndex((name) => name.test(cell.trim()));
    if (part < 0 && problems.length < graphLimits.problems)
      problems.push({ message: `"split" is "${cell.slice(0, 40)}"; it may be train, validation or test, or be empty.`, line: lines[row] });
    return part === 3 ? -1 : part;
  });
}
