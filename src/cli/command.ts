import { type ParseArgsConfig, parseArgs } from "node:util";

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/**
 * What a command writes to and asks of the terminal; tests give their own. Texts may hold names out of untrusted files:
 * control characters in them are shown as �, so that no file commands the terminal.
 */
export interface Terminal {
  /** What was asked for: results. */
  out(text: string): void;
  /** What is said about it: problems, progress, addresses. */
  error(text: string): void;
  /** Puts one line, or nothing, in the place of the one that was put there last. */
  progress(line: string): void;
  /** True where a person looks on: progress may overwrite itself. */
  readonly live: boolean;
  readonly columns: number;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Where relative paths start. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A text without control characters but line ends and tabs. */
export const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, "\ufffd");

/** 0 fine, 1 the document has problems or the run failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** The person has asked for something that is not there: exit code 2, one sentence. */
export class UsageError extends Error {}

/** Something that a person can mend: exit code 1, one sentence, no stack trace. */
export class Failure extends Error {}

/** `parseArgs` of Node with its errors as `UsageError`; positionals are counted. */
export function parse<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  positionals: { readonly min: number; readonly max: number; readonly what: string },
) {
  const parsed = tryParse(args, options);
  if (parsed.positionals.length < positionals.min) throw new UsageError(`${positionals.what} is missing.`);
  const surplus = parsed.positionals[positionals.max];
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is one argument too many.`);
  return parsed;
}

function tryParse<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

/** A real number among the options. @throws UsageError */
export function realNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !(value >= min && value <= max)) throw new UsageError(`--${name} takes a number from ${min} to ${max}, not "${text}".`);
  return value;
}

/** A whole number among the options. @throws UsageError */
export function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}
