import { blockNamed } from "../document/edits.ts";
import type { NetloomDocument } from "../document/schema.ts";
import { sameType, type TensorType } from "../tensor/types.ts";
import type { Flat, FlatScope } from "./flatten.ts";
import type { NodeFacts, NodeView, Problem, Source } from "./types.ts";
import { type Plan, plansOf, put } from "./view-plan.ts";

/**
 * Facts as a canvas shows them: one entry for each node of a graph, blocks with the sums of all that is inside, and
 * `"in"` and `"out"` for a block's own ports. An entry is the very same object from check to check for as long as it
 * says the same, and so is the whole: a node on the canvas is drawn again only when something of it has changed.
 */
export interface Views {
  /** What one check found, by graph. Made when first asked for, since only the open graph is looked at. */
  of(document: NetloomDocument, flat: Flat, facts: Facts, problems: readonly Problem[]): (graph: string) => View;
}

type Facts = readonly (NodeFacts | undefined)[];
type View = ReadonlyMap<string, NodeView>;

/** The view of a graph that was made last, and what it was made of. */
interface Memory {
  readonly plans: readonly Plan[];
  readonly facts: Facts;
  readonly view: View;
}

/** Graphs whose view is remembered. */
const most = 32;
const none: readonly Problem[] = [];

/** Views of the checks of one checker, one after the other. */
export function createViews(): Views {
  const memories = new Map<string, Memory>();
  return {
    of(document, flat, facts, problems) {
      const made = new Map<string, View>();
      return (graph) => {
        let view = made.get(graph);
        if (!view) {
          const memory = look(document, flat, facts, problems, graph, memories.get(graph));
          if (memories.size >= most) memories.clear();
          memories.set(graph, memory);
          made.set(graph, (view = memory.view));
        }
        return view;
      };
    },
  };
}

function look(document: NetloomDocument, flat: Flat, facts: Facts, problems: readonly Problem[], graph: string, before: Memory | undefined): Memory {
  const scope = flat.scopes.get(graph);
  const plans = scope ? plansOf(flat, scope, blockNamed(document, graph) !== undefined) : [];
  const told = scope ? problemsByNode(problems, graph, scope) : new Map<string, readonly Problem[]>();
  const view = new Map<string, NodeView>();
  let same = before?.view.size === plans.length;
  for (const plan of plans) {
    const { id } = plan;
    const own = told.get(id) ?? none;
    const old = before?.view.get(id);
    const asBefore = old !== undefined && sameProblems(own, old.problems);
    // With the plans of before, the same facts under the same indices say the same.
    const untouched = asBefore && before?.plans === plans && plan.needs.every((i) => facts[i] === before.facts[i]);
    const now = untouched ? old : build(plan, facts, own);
    const kept = asBefore && (untouched || sameFigures(old, now)) ? old : now;
    view.set(id, kept);
    same &&= kept === old;
  }
  return { plans, facts, view: same && before ? before.view : view };
}

function build({ inside, layer, outputs, inputs }: Plan, facts: Facts, problems: readonly Problem[]): NodeView {
  const sums = { parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 };
  for (const i of inside) {
    const fact = facts[i];
    if (!fact) continue;
    sums.parameters += fact.parameters;
    sums.trainable += fact.trainable;
    sums.multiplyAdds += fact.multiplyAdds;
    sums.activations += fact.activations;
  }
  const field = layer ? facts[inside[0] ?? -1]?.receptiveField : undefined;
  const leaving = new Map<string, TensorType>();
  for (const { port, sources } of outputs) {
    const type = typeOf(sources, facts);
    if (type) leaving.set(port, type);
  }
  const entering = new Map<string, TensorType[]>();
  for (const { port, sources } of inputs) {
    const type = typeOf(sources, facts);
    if (type) put(entering, port, type);
  }
  // Names come from a file: entries, unlike assignments, may be called `__proto__`.
  return {
    inputs: Object.fromEntries(entering),
    outputs: Object.fromEntries(leaving),
    problems,
    ...sums,
    ...(field && { receptiveField: field }),
  };
}

/** What comes over a wire; over several to one port of a block, the last that is known. */
function typeOf(sources: readonly (Source | undefined)[], facts: Facts): TensorType | undefined {
  let type: TensorType | undefined;
  for (const source of sources) type = (source && facts[source.node]?.outputs[source.port]) ?? type;
  return type;
}

/** A node's own problems; for a block also those inside this instance. */
function problemsByNode(problems: readonly Problem[], graph: string, scope: FlatScope): ReadonlyMap<string, readonly Problem[]> {
  const told = new Map<string, Problem[]>();
  for (const problem of problems) {
    const own = problem.place.graph === graph ? problem.place.node : undefined;
    const inside = problem.path?.startsWith(scope.prefix) ? problem.path.slice(scope.prefix.length).split("/")[0] : undefined;
    put(told, own ?? inside ?? "", problem);
  }
  return told;
}

const sameFigures = (a: NodeView, b: NodeView): boolean =>
  a.parameters === b.parameters &&
  a.trainable === b.trainable &&
  a.multiplyAdds === b.multiplyAdds &&
  a.activations === b.activations &&
  (a.receptiveField === b.receptiveField || String(a.receptiveField) === String(b.receptiveField)) &&
  samePorts(a.outputs, b.outputs, sameType) &&
  samePorts(a.inputs, b.inputs, sameTypes);

function samePorts<T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, same: (a: T, b: T) => boolean): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const one = a[name];
      const other = b[name];
      return one === other || (one !== undefined && other !== undefined && same(one, other));
    })
  );
}

const sameTypes = (a: readonly TensorType[], b: readonly TensorType[]): boolean =>
  a.length === b.length && a.every((type, i) => type === b[i] || sameType(type, b[i] ?? type));

const sameProblems = (a: readonly Problem[], b: readonly Problem[]): boolean =>
  a.length === b.length && a.every((problem, i) => problem === b[i] || sameProblem(problem, b[i]));

const sameProblem = (a: Problem, b: Problem | undefined): boolean =>
  b !== undefined &&
  a.code === b.code &&
  a.message === b.message &&
  a.severity === b.severity &&
  a.place.graph === b.place.graph &&
  a.place.node === b.place.node &&
  a.place.port === b.place.port &&
  a.path === b.path &&
  a.expected === b.expected &&
  a.received === b.received &&
  (a.mend === b.mend || JSON.stringify(a.mend) === JSON.stringify(b.mend));
