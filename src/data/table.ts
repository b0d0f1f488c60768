import type { DatasetInfo, SplitData } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";
import { f32, i32 } from "../tensor/types.ts";
import type { CategoryColumn, Column, NumberColumn } from "./columns.ts";
import type { Table } from "./csv.ts";
import { select } from "./select.ts";
import { meanAndDeviation } from "./signal.ts";
import type { TrainTest } from "./source.ts";
import { stratifiedSplit } from "./stratify.ts";
import { type Outcome, refuse } from "./types.ts";

/** Share of a user's rows that is the test, and the seed that chooses them: fixed, so that runs can be compared. */
const testShare = 0.2;
const splitSeed = 42;
/** Rows needed for a training and a test part worth the name. */
const fewestRows = 5;
/** Numbers in the table once categories are spread out. */
const mostElements = 200_000_000;

type UsableColumn = NumberColumn | CategoryColumn;
const isUsable = (column: Column): column is UsableColumn => column.kind !== "ignored";

/** What is predicted of a table's rows, and which of them are for what. */
export interface TargetPlan {
  readonly target: UsableColumn;
  /** Class of each row, or undefined where the target is a number. −1: no value. */
  readonly labels?: Int32Array;
  readonly classes?: readonly string[];
  /** Rows for training and for the test; rows without a target are in neither. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** What a table is for: its columns apart from the target are features. */
interface Plan extends TargetPlan {
  readonly features: readonly UsableColumn[];
  /** Names of the features' elements, one for a number, one for each category. */
  readonly names: readonly string[];
}

/** Columns that can be predicted. */
export const targetNames = (table: Table): readonly string[] => table.columns.filter(isUsable).map((column) => column.name);

/** The column that is most likely to be predicted: one named so, else the last with categories, else the last with numbers. */
export function guessTarget(table: Table): string | undefined {
  const usable = table.columns.filter(isUsable);
  const named = usable.find((column) => /^(class|label|target|y|species|outcome|survived|category)$/i.test(column.name));
  return (named ?? usable.findLast((column) => column.kind === "category") ?? usable.at(-1))?.name;
}

/** Facts on a table seen as a data set with that target (guessed if absent or empty): ports `x` and `label` or `target`. */
export function tableInfo(name: string, table: Table, target?: string): Outcome<{ readonly info: DatasetInfo }> {
  const planned = plan(table, target);
  return planned.ok ? { ok: true, info: infoOf(name, table, planned.plan) } : planned;
}

/** The examples of a table, and its facts. Features, and a numeric target, have mean 0 and deviation 1 over the training rows. */
export function tableData(name: string, table: Table, target?: string): Outcome<{ readonly info: DatasetInfo; readonly data: TrainTest }> {
  const planned = plan(table, target);
  if (!planned.ok) return planned;
  const { train, test, features, names, labels, target: column } = planned.plan;
  const x = new Float32Array(table.rows * names.length);
  let offset = 0;
  for (const feature of features) offset += spread(feature, x, offset, names.length, train);
  const ports: Record<string, Float32Array | Int32Array> = { x };
  if (labels) ports.label = labels;
  else {
    const values = new Float32Array(table.rows);
    spread(column, values, 0, 1, train);
    ports.target = values;
  }
  const all: SplitData = { count: table.rows, ports };
  return { ok: true, info: infoOf(name, table, planned.plan), data: { train: select(all, train), test: select(all, test) } };
}

/** The column to predict (guessed if absent or empty), its classes if it has any, and the rows for training and test. */
export function planTarget(table: Table, wanted?: string): Outcome<{ readonly plan: TargetPlan }> {
  const usable = table.columns.filter(isUsable);
  const targetName = wanted || guessTarget(table);
  const target = usable.find((column) => column.name === targetName);
  if (!target) {
    const known = usable.map((column) => `"${column.name}"`).join(", ");
    return refuse(
      usable.length === 0 ? "No column holds numbers or categories." : `No column "${targetName}" can be predicted; those that can are ${known}.`,
    );
  }
  const { labels, classes } = labelsOf(target);
  const known = Int32Array.from({ length: table.rows }, (_, i) => i).filter((i) => (labels ? labels[i] !== -1 : !Number.isNaN(target.values[i])));
  if (known.length < fewestRows) return refuse(`Only ${known.length} rows have a value in "${target.name}"; at least ${fewestRows} are needed.`);
  if (classes && classes.length < 2) return refuse(`"${target.name}" is "${classes[0]}" in every row: there is nothing to tell apart.`);
  return { ok: true, plan: { target, labels, classes, ...splitRows(known, labels) } };
}

function plan(table: Table, wanted?: string): Outcome<{ readonly plan: Plan }> {
  const [only, ...more] = targetNames(table);
  if (only !== undefined && more.length === 0 && (wanted || only) === only)
    return refuse(`Apart from "${only}" no column holds numbers or categories: nothing is left to predict it from.`);
  const planned = planTarget(table, wanted);
  if (!planned.ok) return planned;
  const { target } = planned.plan;
  const read = featuresOf(table, target);
  return read.ok ? { ok: true, plan: { ...planned.plan, ...read.features } } : read;
}

/** What a target is predicted from: all other columns that can be used, and the names of the numbers that they become. */
export function featuresOf(table: Table, target?: UsableColumn): Outcome<{ readonly features: Pick<Plan, "features" | "names"> }> {
  const features = table.columns.filter(isUsable).filter((column) => column !== target);
  const names = features.flatMap((column) =>
    column.kind === "number" ? [column.name] : column.categories.map((category) => `${column.name} = ${category}`),
  );
  if (names.length * table.rows > mostElements)
    return refuse(`${table.rows} rows of ${names.length} numbers are more than fits. Take fewer rows or columns.`);
  return { ok: true, features: { features, names } };
}

/** Categories are classes; so are few whole numbers. */
function labelsOf(target: UsableColumn): { labels?: Int32Array; classes?: readonly string[] } {
  if (target.kind === "category") return { labels: target.values, classes: target.categories };
  if (!target.levels) return {};
  const index = new Map(target.levels.map((level, i) => [level, i]));
  return { labels: Int32Array.from(target.values, (value) => index.get(value) ?? -1), classes: target.levels.map(String) };
}

function splitRows(known: Int32Array, labels: Int32Array | undefined): { train: Int32Array; test: Int32Array } {
  const testCount = Math.max(1, Math.round(known.length * testShare));
  if (!labels) {
    const order = rng(splitSeed, "table").permutation(known.length);
    const pick = (part: Int32Array) => part.map((i) => known[i] as number);
    return { train: pick(order.slice(testCount)), test: pick(order.slice(0, testCount)) };
  }
  const { train, test } = stratifiedSplit(
    known.map((i) => labels[i] as number),
    testCount,
    splitSeed,
    "table",
  );
  return { train: train.map((i) => known[i] as number), test: test.map((i) => known[i] as number) };
}

/** Writes a column into rows of `width` numbers from `offset` on; returns how many numbers a row it took. */
export function spread(column: UsableColumn, out: Float32Array, offset: number, width: number, train: Int32Array): number {
  if (column.kind === "category") {
    column.values.forEach((category, row) => {
      if (category >= 0) out[row * width + offset + category] = 1;
    });
    return column.categories.length;
  }
  const { mean, deviation } = scaleOf(column, train);
  column.values.forEach((value, row) => {
    out[row * width + offset] = Number.isNaN(value) ? 0 : (value - mean) / deviation;
  });
  return 1;
}

/** Mean and deviation over the training rows that have a value; a constant column keeps deviation 1. */
export function scaleOf(column: NumberColumn, train: Int32Array): { mean: number; deviation: number } {
  const present = Float64Array.from(train, (row) => column.values[row] as number).filter((value) => !Number.isNaN(value));
  if (present.length === 0) return { mean: 0, deviation: 1 };
  const { mean, deviation } = meanAndDeviation(present);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

function infoOf(name: string, table: Table, { target, names, classes, train, test }: Plan): DatasetInfo {
  const counts = { train: train.length, validation: 0, test: test.length };
  const about = `Your own table, ${table.rows} rows and ${table.columns.length} columns; predicts "${target.name}". Numbers have mean 0 and deviation 1 over the training rows.`;
  const x = { ...f32(names.length), view: "table" as const, names };
  if (classes)
    return { name, title: name, about, counts, uses: ["target"], ports: { x, label: { ...i32([], classes.length), view: "label", names: classes } } };
  const { mean, deviation } = target.kind === "number" ? scaleOf(target, train) : { mean: 0, deviation: 1 };
  return {
    name,
    title: name,
    about: `${about} The target is (${target.name} − ${figure(mean)}) / ${figure(deviation)}.`,
    counts,
    uses: ["target"],
    ports: { x, target: { ...f32(1), view: "table", names: [target.name] } },
  };
}

export const figure = (value: number) => String(Number(value.toPrecision(5)));
