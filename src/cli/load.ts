import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { readDocument } from "../document/read.ts";
import { limits, type NetloomDocument } from "../document/schema.ts";
import { listTemplates } from "../host/assets.ts";
import { hostError, isMissing } from "../host/errors.ts";
import { findInstallation } from "../host/install.ts";
import { Failure, type Terminal, UsageError } from "./command.ts";
import { formatReadProblem, type Listed, listReadProblem } from "./problems.ts";

export interface Loaded {
  readonly document: NetloomDocument;
  readonly text: string;
  readonly path: string;
}

/** A file that is no document: exit code 1, each problem on a line of its own. */
export class NotADocument extends Failure {
  constructor(
    readonly path: string,
    readonly problems: readonly Listed[],
    lines: readonly string[],
  ) {
    super(`${basename(path)} is not a document that Netloom can read.\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
}

/**
 * Reads the document that an argument means: a path, or the name of a template.
 * @throws UsageError if there is none, NotADocument if it cannot be read
 */
export async function loadDocument(argument: string, terminal: Terminal): Promise<Loaded> {
  const path = await findDocument(argument, terminal.folder);
  const text = await readText(path);
  const read = readDocument(text);
  if (read.ok) return { document: read.document, text, path };
  const name = basename(path);
  throw new NotADocument(
    path,
    read.problems.map(listReadProblem),
    read.problems.map((problem) => formatReadProblem(problem, name)),
  );
}

async function findDocument(argument: string, folder: string): Promise<string> {
  const path = resolve(folder, argument);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  const { assets } = findInstallation();
  const template = join(assets.templates, `${argument}.json`);
  if (/^[a-z0-9][a-z0-9-]*$/.test(argument) && (await stat(template).catch(() => undefined))?.isFile()) return template;
  if (found !== undefined) throw new UsageError(`${argument} is not a file.`);
  const names = (await listTemplates(assets.templates)).map(({ id }) => id);
  throw new UsageError(`There is no file ${argument}, and no template of that name. Templates: ${names.join(", ")}.`);
}

/** The text of a file; what is far too large is not even read. */
async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > limits.bytes) {
      const message = `The file is larger than ${limits.bytes / 1024 / 1024} MiB, more than any document needs.`;
      throw new NotADocument(path, [{ severity: "error", code: "document", message }], [message]);
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw isMissing(error) ? new UsageError(`There is no file ${path}.`) : hostError(error, path, "read");
  }
}
