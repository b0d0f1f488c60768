import type { Checked } from "../../src/graph/types.ts";
import { variablesOf } from "../../src/graph/variables.ts";
import { type CarryOverSummary, carriedWeights, parseRenamings, planCarryOver, summariseCarryOver } from "../../src/training/carry-over.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import type { NamedWeights } from "../../src/training/state.ts";
import type { RunRequest } from "../engine/api.ts";

type Carried =
  | { readonly ok: true; readonly initial?: NamedWeights; readonly carried?: CarryOverSummary & { readonly step: number } }
  | { readonly ok: false; readonly message: string; readonly remedy?: string };

/** The weights that a new run begins with, where another run is to give them. */
export function carryOver(from: RunRequest["from"], checked: Checked): Carried {
  if (from === undefined) return { ok: true };
  try {
    const { weights, step } = decodeCheckpoint(from.checkpoint);
    const renamings = parseRenamings(from.renamings);
    const plan = planCarryOver(variablesOf(checked), weights, renamings);
    const summary = summariseCarryOver(plan, renamings);
    if (summary.carried > 0) return { ok: true, initial: carriedWeights(plan, weights), carried: { ...summary, step } };
    return { ok: false, message: "Nothing of that run fits this network.", remedy: "Say by rules what is called how there, or choose another run." };
  } catch (error) {
    return { ok: false, message: `That run's weights cannot be used. ${error instanceof Error ? error.message : String(error)}` };
  }
}
