import { formatPath, type JsonPath, lineAt, lineOf } from "./locate.ts";
import { migrate } from "./migrations.ts";
import { currentVersion, documentSchema, limits, type NetloomDocument } from "./schema.ts";

/** Why a text is no document: where, and what to do. */
export interface ReadProblem {
  readonly message: string;
  /** `nodes[3].params` */
  readonly path?: string;
  readonly line?: number;
}
export type ReadResult =
  | { readonly ok: true; readonly document: NetloomDocument }
  | { readonly ok: false; readonly problems: readonly ReadProblem[] };

const deepest = 40;
/** Values that are parsed at most: a few times what 20,000 nodes and their wires take. */
const mostValues = 2_000_000;
const mostProblems = 20;

/** Reads a document from untrusted text: size, nesting, JSON, version, migration, schema, unique names. Never throws. */
export function readDocument(text: string): ReadResult {
  const fail = (message: string, more: Omit<ReadProblem, "message"> = {}): ReadResult => ({ ok: false, problems: [{ message, ...more }] });
  if (text.length > limits.bytes) return fail(`The file is larger than ${limits.bytes / 1024 / 1024} MiB, more than any document needs.`);
  const excess = findExcess(text);
  if (excess !== undefined) return fail(excess.message, { line: lineAt(text, excess.at) });

  let json: unknown;
  try {
    json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    return { ok: false, problems: [jsonProblem(text, error)] };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return fail('A Netloom document is a JSON object: { "netloom": 1, … }.', { line: 1 });
  const version = (json as Record<string, unknown>).netloom;
  if (version === undefined) return fail('This is not a Netloom document: the field "netloom" with its version is missing.', { line: 1 });
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1)
    return fail(`"netloom" must be the version of the format, a whole number from 1 to ${currentVersion}.`, {
      path: "netloom",
      line: lineOf(text, ["netloom"]),
    });
  if (version > currentVersion)
    return fail(
      `The document was written by a newer Netloom (format ${version}); this one reads up to format ${currentVersion}. Update Netloom to open it; the file was not changed.`,
      { path: "netloom", line: lineOf(text, ["netloom"]) },
    );

  const parsed = documentSchema.safeParse(migrate(json as Record<string, unknown>));
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.slice(0, mostProblems).map((issue) => {
        const path = issue.path.filter((step): step is string | number => typeof step !== "symbol");
        return at(text, path, issue.message);
      }),
    };
  const repeated = repeatedNames(parsed.data).slice(0, mostProblems);
  return repeated.length > 0
    ? { ok: false, problems: repeated.map(([path, message]) => at(text, path, message)) }
    : { ok: true, document: parsed.data };
}

const at = (text: string, path: JsonPath, message: string): ReadProblem => ({ message, path: formatPath(path), line: lineOf(text, path) });

function jsonProblem(text: string, error: unknown): ReadProblem {
  const reason = error instanceof Error ? error.message : "";
  const place = /position (\d+)/.exec(reason)?.[1];
  const line = place === undefined ? lineAt(text, text.length) : lineAt(text, Number(place));
  const cut =
    text.trim() === ""
      ? "The file is empty."
      : /end of JSON|Unterminated/.test(reason)
        ? "The file ends in the middle: it is incomplete."
        : "The file is not valid JSON.";
  return { message: cut, line };
}

/** Where a JSON text first nests deeper, or goes on longer, than any document: found before it costs memory to parse. */
function findExcess(text: string): { readonly at: number; readonly message: string } | undefined {
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 123 || c === 91) {
      if (++depth > deepest) return { at: i, message: `The file is nested more than ${deepest} levels deep; a document needs eight.` };
    } else if (c === 125 || c === 93) depth--;
    else if (c === 44 && ++values > mostValues)
      return { at: i, message: `The file holds more than ${mostValues.toLocaleString("en")} values, more than any document needs.` };
  }
  return undefined;
}

/** Names that must be unique and are not, with where they stand again. */
function repeatedNames(document: NetloomDocument): [JsonPath, string][] {
  const found: [JsonPath, string][] = [];
  const look = (base: JsonPath, names: readonly string[], field: string, what: string) => {
    const seen = new Set<string>();
    names.forEach((name, i) => {
      if (seen.has(name)) found.push([[...base, i, field], `The ${what} "${name}" appears twice; give one of them another name.`]);
      seen.add(name);
    });
  };
  const ids = (base: JsonPath, nodes: NetloomDocument["nodes"]) => {
    look(
      base,
      nodes.map((node) => node.id),
      "id",
      "node id",
    );
    nodes.forEach((node, i) => {
      if (node.id === "in" || node.id === "out")
        found.push([[...base, i, "id"], `"${node.id}" stands for a block's own ports; give the node another id.`]);
    });
  };
  ids(["nodes"], document.nodes);
  const analyses = new Set<string>();
  document.analyses?.forEach(({ name }, i) => {
    if (name === undefined) return;
    if (analyses.has(name)) found.push([["analyses", i, "name"], `The analysis "${name}" appears twice; give one of them another name.`]);
    analyses.add(name);
  });
  for (const [name, block] of Object.entries(document.blocks ?? {})) {
    ids(["blocks", name, "nodes"], block.nodes);
    look(
      ["blocks", name, "inputs"],
      block.inputs.map((port) => port.name),
      "name",
      "block input",
    );
    look(
      ["blocks", name, "outputs"],
      block.outputs.map((port) => port.name),
      "name",
      "block output",
    );
  }
  return found;
}
