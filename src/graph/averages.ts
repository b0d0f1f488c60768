import type { Average } from "../document/schema.ts";
import { isWithin } from "./names.ts";
import type { PlannedPhase } from "./training.ts";
import type { Checked } from "./types.ts";
import { variablesOf } from "./variables.ts";

/** What is wrong with the averages of weights that a document asks for, in words for people. */
export function averageFaults(
  averages: readonly Average[],
  checked: Pick<Checked, "nodes" | "facts">,
  phases: readonly PlannedPhase[],
): { readonly code: string; readonly message: string }[] {
  if (averages.length === 0) return [];
  const shapes = new Map(variablesOf(checked).map(({ name, spec }) => [name, spec.shape.join(" × ")] as const));
  const names = [...shapes.keys()];
  return averages.flatMap(({ of, to }, i) => {
    const fault = (message: string) => [{ code: "average", message }];
    const targets = names.filter((name) => isWithin(name, to));
    if (!names.some((name) => isWithin(name, of)))
      return fault(`There is to be an average of "${of}", but there are no weights of that name. There are: ${heads(names)}.`);
    if (targets.length === 0)
      return fault(
        `The average of "${of}" is to be kept in "${to}", but there are no weights of that name: use the block again, with "${to}" as its shared name.`,
      );
    if (isWithin(of, to) || isWithin(to, of)) return fault(`"${of}" cannot hold its own average: use the block again, with another shared name.`);
    if (averages.findIndex((other) => isWithin(other.to, to) || isWithin(to, other.to)) < i)
      return fault(`"${to}" is to hold two averages. Keep one.`);
    if (averages.some((other) => isWithin(of, other.to))) return fault(`"${of}" is an average itself: let "${to}" follow what it follows.`);
    const phase = phases.find(({ update }) => update?.some((name) => isWithin(name, to) || isWithin(to, name)));
    if (phase) return fault(`${phase.name} updates "${to}", whose weights follow those of "${of}": take it out of the phase.`);
    const odd = targets.find((name) => shapes.get(name) !== shapes.get(counterpart(name, to, of)));
    if (odd === undefined) return [];
    const there = shapes.get(counterpart(odd, to, of));
    return fault(
      `"${odd}" [${shapes.get(odd)}] is to follow "${counterpart(odd, to, of)}", ${there === undefined ? "which is not there" : `which is [${there}]`}: both must be the same block with the same parameters.`,
    );
  });
}

/** What a name under `from` is called under `to`. */
export const counterpart = (name: string, from: string, to: string): string => `${to}${name.slice(from.length)}`;

const heads = (names: readonly string[]): string => [...new Set(names.map((name) => name.split("/")[0]))].slice(0, 12).join(", ");
