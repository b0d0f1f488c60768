import type { NetloomDocument } from "../../src/document/schema.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import type { Checked } from "../../src/graph/types.ts";
import { useDocument } from "../stores/document.ts";

/** Why a drawing without faults cannot be trained all the same — it has no loss yet; undefined if it can, or has faults of its own. */
export function planFault(document: NetloomDocument, checked: Checked): string | undefined {
  if (!checked.ok || document.nodes.length === 0) return undefined;
  const planned = trainingPlan(document, checked);
  return planned.ok ? undefined : planned.problems[0]?.message;
}

interface Known {
  readonly training: NetloomDocument["training"];
  readonly fault: string | undefined;
}
const known = new WeakMap<Checked, Known>();

/** The same, found out once for all who ask. While a check is due it is that of the document before. */
export const usePlanFault = (): string | undefined =>
  useDocument(({ document, checked }) => {
    const before = known.get(checked);
    if (before && before.training === document.training) return before.fault;
    const fault = planFault(document, checked);
    known.set(checked, { training: document.training, fault });
    return fault;
  });
