import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { readCsv, type Table } from "../csv.ts";
import { decodeText } from "../decode-text.ts";
import { select } from "../select.ts";
import type { TrainTest } from "../source.ts";
import { figure, planTarget, scaleOf, spread, type TargetPlan } from "../table.ts";
import { type DataProblem, type Outcome, refuse } from "../types.ts";
import { moleculeGraphs, moleculePorts } from "./molecules.ts";
import { type Molecule, parseSmiles } from "./smiles.ts";

/** More than a laptop learns from; little enough to hold several times. */
export const moleculeLimits = { bytes: 100 * 1024 * 1024, atoms: 10_000_000, problems: 20 } as const;

/** A user's molecules: a table of which one column is SMILES. */
export interface MoleculeTable {
  /** The columns that may be predicted, without the SMILES. */
  readonly table: Table;
  /** All columns, as they stand in the file. */
  readonly whole: Table;
  readonly smiles: string;
  readonly molecules: readonly Molecule[];
}

const isSmilesColumn = (name: string): boolean => /^((canonical|isomeric)[ _]?)?smiles$/i.test(name.trim());

/** The column of a table that holds molecules by its name: "SMILES", in any case. */
export const smilesColumn = (table: Table): string | undefined => table.columns.find(({ name }) => isSmilesColumn(name))?.name;

/**
 * Reads a SMILES list (`.smi`): a molecule a line, and after a tab or spaces what is known of it. A first line that begins with "smiles"
 * names the columns.
 */
export function readSmilesList(bytes: Uint8Array): Outcome<{ readonly molecules: MoleculeTable }> {
  const most = moleculeLimits.bytes / 2 ** 20;
  if (bytes.length > moleculeLimits.bytes)
    return refuse(`The file has ${Math.ceil(bytes.length / 2 ** 20)} MB; at most ${most} MB can be read. Take a part of it.`);
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  const lines = decoded.text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const tabs = lines.some((line) => line.trim().includes("\t"));
  const rows = lines.map((line) => (line.trim() === "" ? [""] : tabs ? line.split("\t") : line.trim().split(/\s+/)));
  const first = rows.find(([cell]) => cell !== "");
  if (first === undefined) return refuse("The file has no line with a molecule.", { line: 1 });
  const headed = isSmilesColumn(first[0] ?? "");
  const header = headed ? [] : [["SMILES", ...first.slice(1).map((_, i) => `column ${i + 2}`)]];
  // Quotes have no meaning here: each cell is quoted as a whole.
  const text = [...header, ...rows].map((row) => (row.length === 1 && row[0] === "" ? "" : row.map(quoted).join("\t"))).join("\n");
  const read = readCsv(new TextEncoder().encode(text), "\t");
  const shift = header.length;
  if (!read.ok) return { ok: false, problems: read.problems.map((problem) => moved(problem, shift)) };
  const { table } = read;
  return readMolecules({ ...table, lines: table.lines.map((line) => line - shift) }, table.columns[0]?.name ?? "SMILES");
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const moved = ({ line, ...problem }: DataProblem, by: number): DataProblem =>
  line === undefined ? problem : { ...problem, line: Math.max(1, line - by) };

/** Reads the molecules of a table's column. Every problem names its line; atoms are counted before they are kept. */
export function readMolecules(whole: Table, smiles: string): Outcome<{ readonly molecules: MoleculeTable }> {
  const column = whole.columns.find(({ name }) => name === smiles);
  if (column === undefined) return refuse(`There is no column "${smiles}".`);
  const molecules: Molecule[] = [];
  const problems: DataProblem[] = [];
  let atoms = 0;
  for (const [row, cell] of column.cells.entries()) {
    const line = whole.lines[row];
    const text = cell.trim();
    const molecule = text === "" ? { fault: "there is no SMILES" } : parseSmiles(text);
    if ("fault" in molecule) problems.push({ message: `${shown(text)}${molecule.fault}. Correct the row or take it out.`, line });
    else molecules.push(molecule);
    if (!("fault" in molecule)) atoms += molecule.atoms.length;
    if (atoms > moleculeLimits.atoms)
      return refuse(`Up to here there are more than ${moleculeLimits.atoms} atoms, the most that can be read. Take fewer molecules.`, { line });
    if (problems.length === moleculeLimits.problems) break;
  }
  if (problems.length > 0) return { ok: false, problems };
  const table = { ...whole, columns: whole.columns.filter((one) => one !== column) };
  return { ok: true, molecules: { table, whole, smiles, molecules } };
}

const shown = (text: string): string => (text === "" ? "" : `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}" is no molecule: `);

/** Facts on molecules with that column to predict (guessed if absent or empty). Classes give `label`, two of them also `target` 0 or 1; numbers give `target`. */
export function moleculeInfo(name: string, data: MoleculeTable, target?: string): Outcome<{ readonly info: DatasetInfo; readonly plan: TargetPlan }> {
  const planned = planTarget(data.table, target);
  if (!planned.ok) return planned;
  const { target: column, classes, train, test } = planned.plan;
  const count = data.molecules.length;
  const mean = (of: (molecule: Molecule) => number) => Number((data.molecules.reduce((sum, one) => sum + of(one), 0) / count).toPrecision(3));
  const { label, target: number, ...ports } = moleculePorts(classes ?? []);
  const common = {
    ...{ name, title: name, uses: ["target"] as const, counts: { train: train.length, validation: 0, test: test.length } },
    sizes: { nodes: mean(({ atoms }) => atoms.length), edges: mean(({ bonds }) => 2 * bonds.length) },
  };
  const about = `Your own molecules, ${count} of them; predicts "${column.name}". Hydrogens that SMILES leaves out are left out.`;
  if (classes) {
    const labelled = { ...ports, label: { ...i32([], classes.length), view: "label" as const, names: classes } };
    return { ok: true, plan: planned.plan, info: { ...common, about, ports: classes.length === 2 ? { ...labelled, target: f32(1) } : labelled } };
  }
  const scale = column.kind === "number" ? scaleOf(column, train) : { mean: 0, deviation: 1 };
  const scaled = ` The target is (${column.name} − ${figure(scale.mean)}) / ${figure(scale.deviation)}.`;
  return {
    ok: true,
    plan: planned.plan,
    info: { ...common, about: about + scaled, ports: { ...ports, target: { ...f32(1), view: "table", names: [column.name] } } },
  };
}

/** The examples, and facts on them. */
export function moleculeData(name: string, data: MoleculeTable, target?: string): Outcome<{ readonly info: DatasetInfo; readonly data: TrainTest }> {
  const described = moleculeInfo(name, data, target);
  if (!described.ok) return described;
  const { info, plan } = described;
  const { ports, ...graphs } = moleculeGraphs(data.molecules);
  const values: Record<string, Float32Array | Int32Array> = { ...ports };
  if (plan.labels) values.label = plan.labels;
  if (info.ports.target) {
    const numbers = plan.labels ? Float32Array.from(plan.labels) : new Float32Array(data.molecules.length);
    if (!plan.labels) spread(plan.target, numbers, 0, 1, plan.train);
    values.target = numbers;
  }
  const all: SplitData = { ...graphs, ports: values };
  return { ok: true, info, data: { train: select(all, plan.train), test: select(all, plan.test) } };
}
