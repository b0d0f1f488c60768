import type { Dataset, DatasetInfo } from "../tensor/dataset.ts";
import { readCsv, type Table } from "./csv.ts";
import { isEdgeTable } from "./graphs/edge-table.ts";
import { isGraphFolder, readGraph, readGraphFolder, type UserGraph } from "./graphs/user-graph.ts";
import { graphInfo, loadGraph, targetsOf } from "./graphs/user-graph-data.ts";
import { type MoleculeTable, moleculeData, moleculeInfo, readMolecules, readSmilesList, smilesColumn } from "./graphs/user-molecules.ts";
import { type ImageSet, imageData, isPicture, readImages } from "./images.ts";
import { share } from "./shared.ts";
import { assemble, hashOf } from "./source.ts";
import { guessTarget, tableData, tableInfo, targetNames } from "./table.ts";
import { type DescribedText, textInfo } from "./text/facts.ts";
import { loadText } from "./text/load.ts";
import { type ReadText, readText } from "./text/read.ts";
import { type DataProblem, type DatasetRequest, type DecodeImage, type Outcome, refuse } from "./types.ts";
import { isZip, readZip } from "./zip.ts";

export interface TablePreview {
  readonly kind: "table";
  readonly columns: readonly { readonly name: string; readonly kind: "number" | "category" | "ignored" | "molecule"; readonly missing: number }[];
  /** The first rows, as they stand in the file. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** What a person sees of a file before it is used. */
export type UserPreview =
  | TablePreview
  | {
      readonly kind: "graph";
      readonly nodes: number;
      /** Edges, both ways counted. */
      readonly edges: number;
      readonly relations: readonly string[];
      /** Edges to draw, source before target; none of a graph too large to draw. */
      readonly pairs: Int32Array;
      /** What is known of nodes, or the edges where nothing is. */
      readonly table: TablePreview;
    }
  | {
      readonly kind: "images";
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
      /** Some pictures of every class, `[height, width, channels]`, 0 to 1. */
      readonly samples: readonly { readonly path: string; readonly className: string; readonly values: Float32Array }[];
      readonly counts: readonly { readonly name: string; readonly count: number }[];
      /** Files that were left out, and why. */
      readonly skipped: readonly DataProblem[];
    }
  | {
      readonly kind: "text";
      readonly beginning: string;
      readonly characters: number;
      readonly words: number;
      /** How many characters are different. */
      readonly alphabet: number;
    };

export interface UserData {
  /** Facts with the target that was asked for, or guessed. */
  readonly info: DatasetInfo;
  /** The target's column; absent for pictures. */
  readonly target?: string;
  /** Facts for every column that may be the target: what `createInferEnv` needs. Empty for pictures. */
  readonly infos: ReadonlyMap<string, DatasetInfo>;
  /** For a text: what its facts under other settings follow from. */
  readonly text?: DescribedText;
  readonly preview: UserPreview;
}

const previewed = { rows: 20, perClass: 4, classes: 20, characters: 2000, drawnNodes: 3000, drawnEdges: 40_000 } as const;

export type NamedKind = "text" | "smiles" | "edges";

/** Files that are a text, a list of molecules or one of edges by their name; all others are looked into. */
export function kindByName(name: string): NamedKind | undefined {
  if (/\.(txt|text|md)$/i.test(name)) return "text";
  if (/^edges\.(csv|tsv)$/i.test(name)) return "edges";
  return /\.(smi|smiles)$/i.test(name) ? "smiles" : undefined;
}

/** What a user's file holds, read and decoded once: it can be described and loaded as often as wanted, under any name. */
export interface UserContent {
  /** Memory that it takes, about. */
  readonly bytes: number;
  /** @param target a table's column to predict; guessed if absent or empty */
  describe(name: string, target?: string): Outcome<UserData>;
  /** @throws Error with a message for people if it cannot be used as that data set */
  load(request: DatasetRequest): Promise<Dataset>;
}

/**
 * Reads a user's file, a table, molecules, a graph, a zip of pictures or a text, and tells what it is or what is wrong with it.
 * @param named what it is by its name
 */
export async function readUserContent(
  bytes: Uint8Array,
  decodeImage?: DecodeImage,
  named?: NamedKind,
): Promise<Outcome<{ readonly content: UserContent }>> {
  if (isPicture(bytes))
    return refuse("One picture is no data set. Put pictures into folders, one for each class, and bring the whole folder or a zip of it.");
  if (isZip(bytes)) {
    const zip = readZip(bytes);
    if (zip.ok && isGraphFolder(zip.entries)) {
      const graph = readGraphFolder(zip.entries);
      return graph.ok ? { ok: true, content: graphContent(graph.graph, bytes.length) } : graph;
    }
    const read = await readImages(bytes, decodeImage);
    return read.ok ? { ok: true, content: imageContent(read.images) } : read;
  }
  if (named === "text") {
    const read = readText(bytes);
    return read.ok ? { ok: true, content: textContent(read, bytes.length) } : read;
  }
  if (named === "smiles") {
    const read = readSmilesList(bytes);
    return read.ok ? { ok: true, content: moleculeContent(read.molecules, bytes.length) } : read;
  }
  const read = readCsv(bytes);
  if (!read.ok) return read;
  if (named === "edges" || isEdgeTable(read.table)) {
    const list = readGraph(read.table);
    return list.ok ? { ok: true, content: graphContent(list.graph, bytes.length) } : list;
  }
  const smiles = smilesColumn(read.table);
  if (smiles === undefined) return { ok: true, content: tableContent(read.table, bytes.length) };
  const list = readMolecules(read.table, smiles);
  return list.ok ? { ok: true, content: moleculeContent(list.molecules, bytes.length) } : list;
}

/** Keeps the examples as they are loaded, not the pictures one by one: most sets are loaded without a copy. */
function imageContent(images: ImageSet): UserContent {
  const { info, data: apart } = imageData("", images);
  const data = { train: share(apart.train), test: share(apart.test) };
  const preview = imagePreview(images);
  let hash: Promise<string> | undefined;
  const about = (name: string) => ({ ...info, name, title: name });
  return {
    bytes: images.values.byteLength + images.labels.byteLength,
    describe: (name) => ({ ok: true, info: about(name), infos: new Map(), preview }),
    load: (request) => assemble(about(request.name), data, request, "random", (hash ??= hashOf(info, data))),
  };
}

/** Bytes of a table in memory for one of its file. */
const spread = 4;

function tableContent(table: Table, bytes: number): UserContent {
  return {
    bytes: spread * bytes,
    describe(name, wanted) {
      const target = wanted || guessTarget(table);
      const described = tableInfo(name, table, target);
      if (!described.ok) return described;
      const infos = targetNames(table).flatMap((column) => {
        const outcome = tableInfo(name, table, column);
        return outcome.ok ? [[column, outcome.info] as const] : [];
      });
      return { ok: true, info: described.info, target, infos: new Map(infos), preview: tablePreview(table) };
    },
    async load(request) {
      const outcome = tableData(request.name, table, request.options?.target);
      if (!outcome.ok) throw problemError(request.name, outcome.problems);
      return assemble(outcome.info, outcome.data, request, "random");
    },
  };
}

/** Bytes of molecules in memory for one of their file: atoms and bonds are objects. */
const moleculeSpread = 40;

function moleculeContent(molecules: MoleculeTable, bytes: number): UserContent {
  return {
    bytes: moleculeSpread * bytes,
    describe(name, wanted) {
      const target = wanted || guessTarget(molecules.table);
      const described = moleculeInfo(name, molecules, target);
      if (!described.ok) return described;
      const infos = targetNames(molecules.table).flatMap((column) => {
        const outcome = moleculeInfo(name, molecules, column);
        return outcome.ok ? [[column, outcome.info] as const] : [];
      });
      return { ok: true, info: described.info, target, infos: new Map(infos), preview: tablePreview(molecules.whole, molecules.smiles) };
    },
    async load(request) {
      const outcome = moleculeData(request.name, molecules, request.options?.target);
      if (!outcome.ok) throw problemError(request.name, outcome.problems);
      return assemble(outcome.info, outcome.data, request, "random");
    },
  };
}

/** Bytes of a graph in memory for one of its files: cells and names are strings. */
const graphSpread = 10;

function graphContent(graph: UserGraph, bytes: number): UserContent {
  return {
    bytes: graphSpread * bytes,
    describe(name, wanted) {
      const target = wanted || (graph.table && guessTarget(graph.table));
      const described = graphInfo(name, graph, target);
      if (!described.ok) return described;
      const infos = targetsOf(graph).flatMap((column) => {
        const outcome = graphInfo(name, graph, column);
        return outcome.ok ? [[column, outcome.info] as const] : [];
      });
      return { ok: true, info: described.info, infos: new Map(infos), preview: graphPreview(graph), ...(target && { target }) };
    },
    async load(request) {
      const outcome = await loadGraph(graph, request);
      if (!outcome.ok) throw problemError(request.name, outcome.problems);
      return outcome.dataset;
    },
  };
}

function textContent({ text, facts }: ReadText, bytes: number): UserContent {
  const characters = facts.train.characters + facts.test.characters;
  const about = (name: string) => ({ name, title: name, about: `Your own text, ${characters} characters, ${facts.alphabet.length} different ones.` });
  const preview: UserPreview = {
    kind: "text",
    beginning: text.slice(0, previewed.characters),
    characters,
    words: text.match(/\S+/g)?.length ?? 0,
    alphabet: facts.alphabet.length,
  };
  return {
    bytes: 2 * bytes,
    describe: (name) => ({ ok: true, info: textInfo(about(name), facts, {}), infos: new Map(), text: { about: about(name), facts }, preview }),
    load: (request) => loadText(about(request.name), text, facts, request),
  };
}

/** Describes a file that is not used for anything else: see `UserFiles` otherwise. */
export async function describeUserData(
  name: string,
  bytes: Uint8Array,
  { target, decodeImage }: { readonly target?: string; readonly decodeImage?: DecodeImage } = {},
): Promise<Outcome<UserData>> {
  const read = await readUserContent(bytes, decodeImage, kindByName(name));
  return read.ok ? read.content.describe(name, target) : read;
}

/** One problem as a sentence: where, then what. */
export const formatProblem = ({ message, line, file }: DataProblem): string =>
  [file === undefined ? "" : `${file}: `, line === undefined ? "" : `line ${line}: `, message].join("");

/** The first of several problems as a sentence, and how many more there are. */
export function formatProblems([first, ...others]: readonly DataProblem[]): string {
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `${first ? formatProblem(first) : "it holds nothing."}${more}`;
}

export const problemError = (name: string, problems: readonly DataProblem[]): Error =>
  new Error(`"${name}" cannot be used as data: ${formatProblems(problems)}`);

/** @param smiles the column of molecules: it alone is what the target is predicted from */
const tablePreview = (table: Table, smiles?: string): TablePreview => ({
  kind: "table",
  columns: table.columns.map(({ name, kind, missing }) => ({
    name,
    kind: smiles === undefined ? kind : name === smiles ? "molecule" : "ignored",
    missing,
  })),
  rows: Array.from({ length: Math.min(previewed.rows, table.rows) }, (_, row) => table.columns.map((column) => column.cells[row] ?? "")),
  notes: smiles === undefined ? table.notes : [],
});

function graphPreview({ nodes, edges, shown, table, parts }: UserGraph): UserPreview {
  const { pairs, relation, notes } = edges;
  const drawn = nodes <= previewed.drawnNodes && pairs.length <= 2 * previewed.drawnEdges;
  const { columns, ...rest } = tablePreview(shown);
  // A node's name is no feature of it, and nor is its part.
  const used = new Set(table?.columns.map(({ name }) => name));
  const role = (name: string) => (table === undefined || used.has(name) ? {} : { kind: "ignored" as const });
  return {
    kind: "graph",
    nodes,
    edges: pairs.length / 2,
    relations: relation?.names ?? [],
    pairs: drawn ? pairs : new Int32Array(),
    table: {
      ...rest,
      columns: columns.map((column) => ({ ...column, ...role(column.name) })),
      notes: [
        ...notes,
        ...(parts ? ['"split" says which nodes are for what.'] : []),
        ...(table ? table.columns.flatMap((column) => column.notes) : []),
      ],
    },
  };
}

function imagePreview(images: ImageSet): UserPreview {
  const { width, height, channels, classes, labels, paths, values, skipped } = images;
  const elements = width * height * channels;
  const members = classes.map((): number[] => []);
  for (const [i, label] of labels.entries()) members[label]?.push(i);
  const samples = members.slice(0, previewed.classes).flatMap((indices, label) =>
    indices.slice(0, previewed.perClass).map((i) => ({
      path: paths[i] as string,
      className: classes[label] as string,
      values: values.slice(i * elements, (i + 1) * elements),
    })),
  );
  const counts = classes.map((name, label) => ({ name, count: members[label]?.length ?? 0 }));
  return { kind: "images", width, height, channels, samples, counts, skipped };
}
