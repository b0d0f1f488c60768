import { isWithin } from "./names.ts";
import type { PlannedPhase } from "./training.ts";
import type { Checked } from "./types.ts";

/**
 * What is wrong with the bounds that a phase sets to its weights, in words for people.
 * @param keys of the weights that the phase could move
 */
export function constraintFaults(
  { name, update, constrain = [] }: PlannedPhase,
  keys: ReadonlySet<string>,
  { nodes, facts }: Pick<Checked, "nodes" | "facts">,
): { readonly code: string; readonly message: string }[] {
  const moved = [...keys].filter((key) => update?.some((one) => isWithin(key, one)) ?? true);
  return constrain.flatMap(({ type, nodes: named }) => {
    const stray = named?.find((one) => !moved.some((key) => isWithin(key, one)));
    if (stray !== undefined)
      return [{ code: "unknown-constraint", message: `${name} bounds the weights of "${stray}", but moves no weights of that name.` }];
    if (type !== "spectral") return [];
    const bounded = new Set(moved.filter((key) => named?.some((one) => isWithin(key, one)) ?? true));
    const hasMatrix = nodes.some(
      ({ weightKey }, i) =>
        bounded.has(weightKey) && Object.values(facts[i]?.weights ?? {}).some(({ shape, trainable }) => shape.length >= 2 && trainable !== false),
    );
    return hasMatrix ? [] : [{ code: "no-matrix", message: `${name} bounds singular values, but there is no matrix or kernel among its weights.` }];
  });
}
