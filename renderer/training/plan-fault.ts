import { useMemo } from "react";
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

export function usePlanFault(): string | undefined {
  const document = useDocument((state) => state.document);
  const checked = useDocument((state) => state.checked);
  return useMemo(() => planFault(document, checked), [document, checked]);
}
