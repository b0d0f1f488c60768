import type { Variable } from "../graph/variables.ts";

/**
 * Weights of one network as the beginning of another. A variable takes that of the same name and shape; rules rename prefixes
 * (`encoder=bert`: what is called encoder here is called bert there). Nothing of another shape is ever taken: what fits nothing is drawn afresh.
 */

/** `here` and `there` are whole parts of a name, from its beginning; an empty one stands for what every name begins with. */
export interface Renaming {
  readonly here: string;
  readonly there: string;
}

/** Where a variable comes from. */
export type Origin =
  | { readonly kind: "carried"; readonly from: string }
  /** There is one of that name, but its shape is another. */
  | { readonly kind: "misfit"; readonly from: string; readonly shape: readonly number[] }
  | { readonly kind: "fresh" };

export interface CarriedVariable {
  readonly variable: Variable;
  readonly origin: Origin;
}

/** Where each variable of a network comes from. */
export interface CarryOver {
  readonly variables: readonly CarriedVariable[];
  /** Names of the other network's weights that nothing takes. */
  readonly unused: readonly string[];
}

/** A rule that cannot be read, in words for people. */
export class RenamingError extends Error {
  override readonly name = "RenamingError";
}

const part = /^[A-Za-z][\w-]*(\/[\w-]+)*$/;

/**
 * Reads rules as people write them: `"encoder=bert, head=top"`. `"=bert"` looks for all under bert, `"bert="` for what is under bert here at the top there.
 * @throws RenamingError naming the rule that cannot be read, or a name with two rules
 */
export function parseRenamings(text: string): Renaming[] {
  const rules = text
    .split(/[,\n]/)
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "");
  const renamings = rules.map((rule): Renaming => {
    const [here = "", there, ...more] = rule.split("=").map((side) => side.trim());
    if (there === undefined || more.length > 0 || here === there || [here, there].some((side) => side !== "" && !part.test(side)))
      throw new RenamingError(`"${rule}" is no rule. Write here=there: the name of a node or block in this network, then its name in the run's.`);
    return { here, there };
  });
  const twice = renamings.find(({ here }, i) => renamings.findIndex((other) => other.here === here) !== i);
  if (twice) throw new RenamingError(`There are two rules for "${twice.here}". Keep one.`);
  return renamings;
}

export const writeRenamings = (renamings: readonly Renaming[]): string => renamings.map(({ here, there }) => `${here}=${there}`).join(", ");

/** What a variable of this network is called in the other, by the rule of the longest prefix. */
export function renamed(name: string, renamings: readonly Renaming[]): string {
  const fitting = renamings.filter(({ here }) => here === "" || name.startsWith(`${here}/`));
  const [rule] = fitting.sort((a, b) => b.here.length - a.here.length);
  if (rule === undefined) return name;
  const rest = rule.here === "" ? name : name.slice(rule.here.length + 1);
  return rule.there === "" ? rest : `${rule.there}/${rest}`;
}

/**
 * Finds for each variable where it comes from.
 * @param given the other network's weights, by name
 */
export function planCarryOver(
  variables: readonly Variable[],
  given: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  renamings: readonly Renaming[] = [],
): CarryOver {
  const planned = variables.map((variable): CarriedVariable => {
    const from = renamed(variable.name, renamings);
    const found = Object.hasOwn(given, from) ? given[from] : undefined;
    if (found === undefined) return { variable, origin: { kind: "fresh" } };
    const { shape } = found;
    return { variable, origin: sameShape(shape, variable.spec.shape) ? { kind: "carried", from } : { kind: "misfit", from, shape } };
  });
  const taken = new Set(planned.map(({ origin }) => (origin.kind === "carried" ? origin.from : undefined)));
  return { variables: planned, unused: Object.keys(given).filter((name) => !taken.has(name)) };
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** The carried weights under the names that they have in this network. */
export function carriedWeights<T>({ variables }: CarryOver, given: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    variables.flatMap(({ variable, origin }) => {
      const found = origin.kind === "carried" ? given[origin.from] : undefined;
      return found === undefined ? [] : [[variable.name, found] as const];
    }),
  );
}

/** Keys of the nodes whose trainable weights are all carried: those that can stand still. */
export function wholeKeys({ variables }: CarryOver): ReadonlySet<string> {
  const trained = variables.filter(({ variable }) => variable.spec.trainable !== false);
  const partly = new Set(trained.filter(({ origin }) => origin.kind !== "carried").map(({ variable }) => variable.weightKey));
  return new Set(trained.map(({ variable }) => variable.weightKey).filter((key) => !partly.has(key)));
}

/** Variables that belong together: a node or block of the main graph, or a shared name. */
export interface CarriedGroup {
  /** First part of the variables' names. */
  readonly name: string;
  /** First part of the names that carried ones have there; several where rules split the group. */
  readonly from: readonly string[];
  readonly variables: readonly CarriedVariable[];
  readonly carried: number;
}

export function groupCarryOver({ variables }: CarryOver): readonly CarriedGroup[] {
  const groups = new Map<string, CarriedVariable[]>();
  for (const one of variables) {
    const name = head(one.variable.name);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups].map(([name, members]) => {
    const sources = members.flatMap(({ origin }) => (origin.kind === "carried" ? [origin.from] : []));
    return { name, from: [...new Set(sources.map(head))], variables: members, carried: sources.length };
  });
}

const head = (name: string): string => name.split("/", 1)[0] ?? "";

/** What of a carry-over is written down with a run. */
export interface CarryOverSummary {
  readonly renamings: string;
  readonly carried: number;
  /** Variables in all. */
  readonly variables: number;
  /** Numbers in the carried ones. */
  readonly parameters: number;
  /** Names of those that are drawn afresh: the first hundred. */
  readonly fresh: readonly string[];
}

export function summariseCarryOver({ variables }: CarryOver, renamings: readonly Renaming[]): CarryOverSummary {
  const carried = variables.filter(({ origin }) => origin.kind === "carried");
  return {
    renamings: writeRenamings(renamings),
    carried: carried.length,
    variables: variables.length,
    parameters: carried.reduce((sum, { variable }) => sum + variable.spec.shape.reduce((product, size) => product * size, 1), 0),
    fresh: variables
      .filter(({ origin }) => origin.kind !== "carried")
      .slice(0, 100)
      .map(({ variable }) => variable.name),
  };
}
