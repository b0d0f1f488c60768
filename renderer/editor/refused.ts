import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { connect, portInfo, type Where } from "./connect.ts";
import { nodeOf, portOf, shownGraph } from "./graph.ts";
import { applyMend } from "./mend.ts";
import type { Sizes } from "./place.ts";

/** The way out where a wire is refused: what the checker would do about it if it were there. */

export interface WayOut {
  /** `Insert a flatten`. */
  readonly label: string;
  apply(document: NetloomDocument): NetloomDocument;
}

/** A remedy by which `from` could feed `to` after all; undefined if none is known. */
export function wayOut(where: Where, from: string, to: string, sizes?: Sizes): WayOut | undefined {
  if (!portInfo(where, from, "out") || !portInfo(where, to, "in")) return undefined;
  const wired = (document: NetloomDocument) => connect({ ...where, document }, from, to);
  const { problems } = checkDocument(wired(where.document), registry, where.env);
  const here = problems.filter(({ place }) => place.graph === where.graph && place.node === nodeOf(to) && place.port === portOf(to));
  for (const { mend } of here) {
    if (!mend) continue;
    const apply = (document: NetloomDocument) => applyMend(wired(document), mend, sizes);
    if (keepsWire(where, apply(where.document))) return { label: mend.label, apply };
  }
  return undefined;
}

/** A remedy that only takes the wire away again is no way out. */
const keepsWire = (where: Where, mended: NetloomDocument): boolean =>
  shownGraph(mended, where.graph).edges.length > shownGraph(where.document, where.graph).edges.length;
