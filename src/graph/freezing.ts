import type { NetloomDocument, Phase } from "../document/schema.ts";
import { isWithin } from "./names.ts";
import { trainingDefaults, trainingPlan, weightsBehind } from "./training.ts";
import type { Checked } from "./types.ts";

type FlatFacts = Pick<Checked, "nodes" | "facts" | "byPath">;

/**
 * The phases of a document with some weights left out of what they move. Phases that would move nothing go.
 * @param frozen weight keys
 * @returns undefined if the document cannot be trained, or nothing would be left to learn
 */
export function phasesWithout(document: NetloomDocument, checked: FlatFacts, frozen: ReadonlySet<string>): readonly Phase[] | undefined {
  const planned = trainingPlan(document, checked);
  if (!planned.ok) return undefined;
  const averaged = planned.plan.averages.map(({ to }) => to);
  const phases = planned.plan.phases.flatMap(({ minimise, update }, i): Phase[] => {
    const written = document.training?.phases?.[i] ?? { minimise: minimise.path, optimiser: trainingDefaults.optimiser };
    const reached = weightsBehind(checked.byPath.get(minimise.path) ?? -1, checked);
    const behind = [...new Set(checked.nodes.map(({ weightKey }) => weightKey))].filter((key) => reached.has(key));
    const moves = (key: string) =>
      !frozen.has(key) && !averaged.some((name) => isWithin(key, name)) && (update === undefined || update.some((name) => isWithin(key, name)));
    const moved = behind.filter(moves);
    if (moved.length === 0) return [];
    return [
      {
        ...written,
        update: namesOf(
          moved,
          behind.filter((key) => !moves(key)),
        ),
      },
    ];
  });
  return phases.length > 0 ? phases : undefined;
}

/** The same as a document. */
export function freeze(document: NetloomDocument, checked: FlatFacts, frozen: ReadonlySet<string>): NetloomDocument | undefined {
  const phases = phasesWithout(document, checked, frozen);
  return phases && { ...document, training: { ...document.training, phases: [...phases] } };
}

/** The shortest names that stand for some weight keys and for none of the others. */
function namesOf(keys: readonly string[], others: readonly string[]): string[] {
  const names = keys.map((key) => {
    const parts = key.split("/");
    const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
    return prefixes.find((prefix) => !others.some((other) => isWithin(other, prefix))) ?? key;
  });
  return [...new Set(names)];
}
