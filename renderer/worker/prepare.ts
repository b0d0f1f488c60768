import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import type { Checked, Problem } from "../../src/graph/types.ts";
import { registry } from "../../src/layers/registry.ts";
import type { WorkerData } from "./data-client.ts";

/** A document as it can be trained or exported: read, checked, without errors. */
export type Prepared =
  | { readonly ok: true; readonly document: NetloomDocument; readonly checked: Checked }
  | { readonly ok: false; readonly message: string; readonly node?: string };

/** Reads and checks a document's text as the page gave it. */
export function prepareDocument(text: string, data: Pick<WorkerData, "env">): Prepared {
  const read = readDocument(text);
  if (!read.ok) return { ok: false, message: read.problems.map((problem) => problem.message).join(" ") };
  const checked = checkDocument(read.document, registry, data.env);
  const errors = checked.problems.filter((problem) => problem.severity === "error");
  return errors.length > 0 ? refusal(errors) : { ok: true, document: read.document, checked };
}

/** The first of several problems, in the words of a refusal. */
export const refusal = (problems: readonly Problem[]): Extract<Prepared, { ok: false }> => {
  const [first] = problems;
  const node = first?.path ?? first?.place.node;
  const message = problems.length > 1 ? `${first?.message} And ${problems.length - 1} more.` : (first?.message ?? "The graph has a problem.");
  return { ok: false, message, ...(node !== undefined && { node }) };
};
