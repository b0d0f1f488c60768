import type { NetloomDocument } from "../document/schema.ts";
import { freeze } from "../graph/freezing.ts";
import type { Checked } from "../graph/types.ts";
import { variablesOf } from "../graph/variables.ts";
import type { RunRecord } from "../host/contract.ts";
import {
  type CarriedVariable,
  type CarryOver,
  carriedWeights,
  groupCarryOver,
  parseRenamings,
  planCarryOver,
  RenamingError,
  summariseCarryOver,
  wholeKeys,
} from "../training/carry-over.ts";
import { decodeCheckpoint } from "../training/checkpoint.ts";
import type { NamedWeights } from "../training/state.ts";
import { Failure, type Terminal, UsageError } from "./command.ts";
import { requireRun } from "./find-run.ts";
import { formatTable } from "./table.ts";

export interface CarryOptions {
  /** A run's folder, or the id of one of the app's own. */
  readonly from: string;
  /** Rules as `"encoder=bert"`. */
  readonly map: string;
  /** What is carried over whole stands still. */
  readonly freeze: boolean;
  readonly json: boolean;
}

export interface Carried {
  /** By the names that they have in this network. */
  readonly weights: NamedWeights;
  /** With what is frozen left out of its phases. */
  readonly document: NetloomDocument;
  /** For the run's record. */
  readonly from: NonNullable<RunRecord["from"]>;
}

/**
 * Finds what a document takes from a run's weights, and shows it.
 * @throws UsageError if there is no such run or a rule cannot be read; Failure if nothing fits
 */
export async function carryFrom(options: CarryOptions, document: NetloomDocument, checked: Checked, terminal: Terminal): Promise<Carried> {
  const folder = requireRun(options.from, terminal);
  const renamings = readRules(options.map);
  const { id, name, document: title } = await folder.record();
  const bytes = await folder.checkpoint();
  if (bytes === null) throw new Failure(`${name} has no checkpoint: there are no weights to begin with.`);
  const { step, weights } = decoded(bytes, name);
  const plan = planCarryOver(variablesOf(checked), weights, renamings);
  tell(plan, weights, { json: options.json, run: id, name }, terminal);
  const summary = summariseCarryOver(plan, renamings);
  if (summary.carried === 0)
    throw new Failure(`Nothing of ${name} fits ${document.name}: no weight has the same name and shape. Say by --map what is called how there.`);
  const frozen = options.freeze ? freeze(document, checked, wholeKeys(plan)) : document;
  if (frozen === undefined) throw new Failure(`With what is carried over frozen, nothing of ${document.name} is left to learn. Leave --freeze out.`);
  const from = { run: id, name, document: title, step, ...summary, fresh: [...summary.fresh] };
  return { weights: carriedWeights(plan, weights), document: frozen, from };
}

function readRules(text: string) {
  try {
    return parseRenamings(text);
  } catch (error) {
    if (error instanceof RenamingError) throw new UsageError(`--map: ${error.message}`);
    throw error;
  }
}

function decoded(bytes: Uint8Array, name: string) {
  try {
    return decodeCheckpoint(bytes);
  } catch (error) {
    throw new Failure(`The checkpoint of ${name} cannot be read. ${error instanceof Error ? error.message : ""}`);
  }
}

/** The mapping: a line for each node or block that is carried whole, for others one for each weight. */
function tell(plan: CarryOver, there: NamedWeights, { json, run, name }: { json: boolean; run: string; name: string }, terminal: Terminal): void {
  if (json) {
    const variables = plan.variables.map(({ variable, origin }) => ({ name: variable.name, shape: variable.spec.shape, ...origin }));
    terminal.out(`${JSON.stringify({ kind: "carry-over", run, variables, unused: plan.unused })}\n`);
    return;
  }
  const rows = groupCarryOver(plan).flatMap((group) =>
    group.carried === group.variables.length
      ? [[group.name, `${group.carried} of ${group.carried} weights`, group.from.join(", ")]]
      : group.variables.map((one) => [one.variable.name, shapeOf(one.variable.spec.shape), originOf(one)]),
  );
  terminal.out(`${formatTable(["here", "", `from ${name}`], rows)}`);
  const left = plan.unused.length;
  if (left > 0) terminal.out(`Not taken: ${left} of ${Object.keys(there).length} weights there.\n`);
}

const shapeOf = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

function originOf({ origin }: CarriedVariable): string {
  switch (origin.kind) {
    case "carried":
      return origin.from;
    case "misfit":
      return `drawn afresh: ${origin.from} has ${shapeOf(origin.shape)}`;
    case "fresh":
      return "drawn afresh";
  }
  return origin satisfies never;
}
