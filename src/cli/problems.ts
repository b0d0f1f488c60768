import type { ReadProblem } from "../document/read.ts";
import type { Problem } from "../graph/types.ts";

/** A problem as `--json` lists it: of the file or of the graph, always with where. */
export interface Listed {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  /** In the graph. */
  readonly graph?: string;
  readonly node?: string;
  readonly port?: string;
  /** In the file. */
  readonly path?: string;
  readonly line?: number;
  readonly expected?: string;
  readonly received?: string;
  /** What would mend it. */
  readonly mend?: string;
}

export const listReadProblem = ({ message, path, line }: ReadProblem): Listed => ({
  severity: "error",
  code: "document",
  message,
  ...(path === undefined ? {} : { path }),
  ...(line === undefined ? {} : { line }),
});

export const listProblem = ({ severity, code, message, place, path, expected, received, mend }: Problem): Listed => ({
  severity,
  code,
  message,
  graph: place.graph,
  ...(place.node === undefined ? {} : { node: place.node }),
  ...(place.port === undefined ? {} : { port: place.port }),
  ...(path === undefined ? {} : { path }),
  ...(expected === undefined ? {} : { expected }),
  ...(received === undefined ? {} : { received }),
  ...(mend === undefined ? {} : { mend: mend.label }),
});

/** Problems that are printed: beyond it they scroll away. */
const listed = 100;

/** `net.json:12: nodes[3].params: …`, as editors and terminals link it. */
export const formatReadProblem = ({ message, path, line }: ReadProblem, file: string): string =>
  `${file}${line === undefined ? "" : `:${line}`}: ${path === undefined || path === "" ? "" : `${path}: `}${message}`;

/** Problems as a person reads them: what must be mended first, and not more than can be read. */
export function formatProblems(problems: readonly Problem[]): string {
  const errorsFirst = problems.toSorted((a, b) => a.severity.localeCompare(b.severity));
  const texts = [...new Set(errorsFirst.map(formatProblem))];
  const more = texts.length - listed;
  if (more <= 0) return texts.join("\n");
  return [...texts.slice(0, listed), `… and ${more.toLocaleString("en")} more: netloom validate --json lists all.`].join("\n");
}

/** Where in the graph, what, and what would mend it, over as many lines as it takes. */
function formatProblem({ severity, message, place, path, expected, received, mend }: Problem): string {
  const node = path ?? (place.node === undefined ? undefined : place.graph === "" ? place.node : `${place.graph}/${place.node}`);
  const where = [node, place.port].filter((part) => part !== undefined).join(".");
  const details = [
    expected === undefined ? undefined : `expected ${expected}`,
    received === undefined ? undefined : `received ${received}`,
    mend === undefined ? undefined : `remedy: ${mend.label}`,
  ].filter((detail) => detail !== undefined);
  return [`${severity}: ${where === "" ? "" : `${where}: `}${message}`, ...details.map((detail) => `    ${detail}`)].join("\n");
}
