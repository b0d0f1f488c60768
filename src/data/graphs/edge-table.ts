import type { Column } from "../columns.ts";
import type { Table } from "../csv.ts";
import { type DataProblem, type Outcome, refuse } from "../types.ts";

/** Numbers of nodes and edges that a laptop still trains on; the tables themselves are bounded by `readCsv`. */
export const graphLimits = { nodes: 1_000_000, edges: 4_000_000, relations: 1000, problems: 20 } as const;

/** Edges of a user's graph, each both ways, sorted by target and then by source. */
export interface UserEdges {
  /** Source and target of each edge, one pair after the other. */
  readonly pairs: Int32Array;
  /** Number of each edge, where the table has a column `weight`. */
  readonly weight?: Float32Array;
  /** Kind of each edge and what the kinds are called, where the table has a column `relation`. */
  readonly relation?: { readonly kinds: Int32Array; readonly names: readonly string[] };
  readonly notes: readonly string[];
}

/** The columns of an edge list; a table without a header line has them in this order. */
interface EdgeColumns {
  readonly source: Column;
  readonly target: Column;
  readonly weight?: Column | undefined;
  readonly relation?: Column | undefined;
}

const called = (table: Table, name: RegExp): Column | undefined => table.columns.find((column) => name.test(column.name.trim()));

function columnsOf(table: Table): EdgeColumns | undefined {
  const source = called(table, /^(source|from)$/i);
  const target = called(table, /^(target|to)$/i);
  if (source && target) return { source, target, weight: called(table, /^weight$/i), relation: called(table, /^relation$/i) };
  const [first, second, third] = table.columns;
  const unnamed = table.columns.length <= 3 && table.columns.every(({ name }, i) => name === `column ${i + 1}`);
  return unnamed && first && second ? { source: first, target: second, weight: third } : undefined;
}

/** True for a table that is an edge list and nothing else, whatever it is called. */
export const isEdgeTable = (table: Table): boolean =>
  called(table, /^(source|from)$/i) !== undefined &&
  called(table, /^(target|to)$/i) !== undefined &&
  table.columns.every(({ name }) => /^(source|from|target|to|weight|relation)$/i.test(name.trim()));

/** Where names of nodes are looked up; without a table of nodes, every name that comes is a node. */
export interface NodeNumbers {
  readonly numbers: Map<string, number>;
  /** The file that lists the nodes; absent where edges alone name them. */
  readonly file?: string | undefined;
}

/**
 * Reads edges. Each stands both ways afterwards, none twice, and none joins a node with itself. Of an edge that is listed both ways
 * each way keeps its own weight.
 * @param nodes numbers of nodes by name, completed by those that come up if no file lists them
 */
export function readEdges(table: Table, { numbers, file }: NodeNumbers): Outcome<{ readonly edges: UserEdges }> {
  const columns = columnsOf(table);
  if (columns === undefined) {
    const there = table.columns.map(({ name }) => `"${name.slice(0, 40)}"`).slice(0, 10);
    return refuse(`An edge list has the columns "source" and "target", or "from" and "to"; here are ${there.join(", ")}.`, { line: 1 });
  }
  const { source, target, weight, relation } = columns;
  if (2 * table.rows > graphLimits.edges)
    return refuse(`There are ${table.rows} edges; at most ${graphLimits.edges / 2} can be read. Take a part of the graph.`);
  const problems: DataProblem[] = [];
  const ends = new Int32Array(2 * table.rows);
  for (let row = 0; row < table.rows && problems.length < graphLimits.problems; row++) {
    const line = table.lines[row];
    for (const [end, column] of [source, target].entries()) {
      const name = (column.cells[row] ?? "").trim();
      const number = numbers.get(name) ?? (file === undefined && name !== "" ? numbers.size : undefined);
      if (number === undefined) {
        const message =
          name === ""
            ? `There is nothing under "${column.name}". Name the node, or take the row out.`
            : `There is no node "${name.slice(0, 40)}" in ${file}. Add it there, or take the row out.`;
        problems.push({ message, line });
      } else {
        if (number === numbers.size) numbers.set(name, number);
        ends[2 * row + end] = number;
      }
    }
    if (numbers.size > graphLimits.nodes)
      return refuse(`Up to here there are more than ${graphLimits.nodes} nodes, the most that can be read. Take a part of the graph.`, { line });
  }
  const weights = weight && numbersOf(weight, table.lines, problems);
  const kinds = relation && kindsOf(relation, table.lines, problems);
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, graphLimits.problems) };
  return { ok: true, edges: bothWays(ends, numbers.size, weights, kinds) };
}

function numbersOf(column: Column, lines: Int32Array, problems: DataProblem[]): Float32Array {
  const message = `"${column.name}" is no number here. Correct it, or take the row out.`;
  return Float32Array.from(column.cells, (cell, row) => {
    const value = column.kind === "number" ? (column.values[row] ?? Number.NaN) : Number(cell.trim() || Number.NaN);
    if (!Number.isFinite(value))
      problems.push({ message: `${message}${cell.trim() === "" ? "" : ` It is "${cell.slice(0, 40)}".`}`, line: lines[row] });
    return value;
  });
}

function kindsOf(column: Column, lines: Int32Array, problems: DataProblem[]): UserEdges["relation"] {
  const names = [...new Set(column.cells.map((cell) => cell.trim()))].sort();
  if (names.length > graphLimits.relations) {
    problems.push({
      message: `"${column.name}" has ${names.length} different values; at most ${graphLimits.relations} kinds of edges can be told apart.`,
    });
    return undefined;
  }
  const index = new Map(names.map((name, i) => [name, i]));
  const empty = column.cells.findIndex((cell) => cell.trim() === "");
  if (empty >= 0) problems.push({ message: `There is nothing under "${column.name}". Say which kind of edge it is.`, line: lines[empty] });
  return { names, kinds: Int32Array.from(column.cells, (cell) => index.get(cell.trim()) ?? 0) };
}

function bothWays(ends: Int32Array, nodes: number, weights: Float32Array | undefined, relation: UserEdges["relation"]): UserEdges {
  const rows = ends.length / 2;
  const kinds = relation?.names.length ?? 1;
  // Way 2r is row r as it stands, 2r + 1 the way back.
  const from = (way: number) => ends[2 * (way >> 1) + (way & 1)] as number;
  const to = (way: number) => ends[2 * (way >> 1) + 1 - (way & 1)] as number;
  const kind = (way: number) => relation?.kinds[way >> 1] ?? 0;
  // Of equal edges, the one that is listed comes before a way back, and an earlier row before a later one: sorting keeps that order.
  const listed = new Int32Array(2 * rows).map((_, i) => (i < rows ? 2 * i : 2 * (i - rows) + 1));
  const order = sortBy(sortBy(sortBy(listed, kind, kinds), from, nodes), to, nodes);
  const same = (a: number, b: number) => to(a) === to(b) && from(a) === from(b) && kind(a) === kind(b);
  const kept = order.filter((way, i) => from(way) !== to(way) && (i === 0 || !same(way, order[i - 1] as number)));
  const pairs = new Int32Array(2 * kept.length);
  for (const [i, way] of kept.entries()) {
    pairs[2 * i] = from(way);
    pairs[2 * i + 1] = to(way);
  }
  const loops = ends.reduce((sum, end, i) => sum + (i % 2 === 0 && end === ends[i + 1] ? 1 : 0), 0);
  const doubles = order.length - 2 * loops - kept.length;
  return {
    pairs,
    ...(weights && { weight: Float32Array.from(kept, (way) => weights[way >> 1] as number) }),
    ...(relation && { relation: { names: relation.names, kinds: Int32Array.from(kept, kind) } }),
    notes: [
      "Every edge counts both ways.",
      ...(loops > 0 ? [`${loops} of a node with itself left out: layers see to that themselves.`] : []),
      ...(doubles > 0 ? ["Edges that are listed more than once count once."] : []),
    ],
  };
}

/** Stable, by counting: what comes before stays before where the key, 0 to before `size`, is the same. */
function sortBy(order: Int32Array, key: (item: number) => number, size: number): Int32Array {
  const next = new Int32Array(size + 1);
  for (const item of order) next[key(item) + 1] = (next[key(item) + 1] as number) + 1;
  for (let i = 0; i < size; i++) next[i + 1] = (next[i + 1] as number) + (next[i] as number);
  const out = new Int32Array(order.length);
  for (const item of order) {
    const at = next[key(item)] as number;
    out[at] = item;
    next[key(item)] = at + 1;
  }
  return out;
}
