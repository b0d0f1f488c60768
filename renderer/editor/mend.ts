import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import type { Mend } from "../../src/graph/types.ts";
import { type Sizes, settle } from "./place.ts";

/** Applies a problem's remedy; nodes it brings along find their place, and make it where there is none. */
export function applyMend(document: NetloomDocument, mend: Mend, sizes?: Sizes): NetloomDocument {
  const mended = mend.edits.reduce(applyEdit, document);
  return mend.edits.reduce((shown, edit) => (edit.kind === "insert" || edit.kind === "add" ? settle(shown, edit.graph, sizes) : shown), mended);
}
