import { blockNamed } from "../document/edits.ts";
import type { GraphNode, NetloomDocument } from "../document/schema.ts";
import type { InferEnv } from "../layers/contract.ts";
import type { Registry } from "../layers/registry.ts";
import type { TensorType } from "../tensor/types.ts";
import { derivativeProblems } from "./derivatives.ts";
import { type Field, type Inferred, inferNode, type Upstream } from "./facts.ts";
import { type Flat, flatten } from "./flatten.ts";
import type { Arrival, LocalOrder } from "./order.ts";
import { createParamReader } from "./params.ts";
import * as problems from "./problems.ts";
import { reflatten } from "./reflatten.ts";
import { settleBeforeEnds, suggestConnections } from "./suggest.ts";
import { trainingProblems } from "./training.ts";
import type { Checked, FlatNode, NodeFacts, Problem, Totals } from "./types.ts";
import { createViews, type Views } from "./view.ts";

/** Checks documents one after the other, remembering each node's facts: an edit costs what depends on it. */
export interface Checker {
  check(document: NetloomDocument): Checked;
}

/** A checker for a catalogue and the data sets there are. Make a new one when the data sets change. */
export function createChecker(registry: Registry, env: InferEnv): Checker {
  const readParams = createParamReader(env);
  const views = createViews();
  let before: Remembered | undefined;
  return {
    check(document) {
      const flat = (before && reflatten(before, document, registry, readParams)) ?? flatten(document, registry, readParams);
      const inferred = inferAll(flat, env, before);
      before = { document, flat, inferred };
      return assemble(document, flat, inferred, registry, views);
    },
  };
}

/** Checks one document from cold. */
export const checkDocument = (document: NetloomDocument, registry: Registry, env: InferEnv): Checked => createChecker(registry, env).check(document);

interface Remembered {
  readonly document: NetloomDocument;
  readonly flat: Flat;
  readonly inferred: readonly Inferred[];
}

/** Facts of every node, those of the last check where nothing that they depend on has changed. */
function inferAll(flat: Flat, env: InferEnv, before: Remembered | undefined): Inferred[] {
  const inferred: Inferred[] = [];
  for (const node of flat.nodes) {
    const index = before?.flat.byPath.get(node.path);
    const old = index === undefined ? undefined : before?.inferred[index];
    const oldNode = index === undefined ? undefined : before?.flat.nodes[index];
    const same =
      before &&
      oldNode &&
      old &&
      node.params === oldNode.params &&
      node.layer === oldNode.layer &&
      sameInputs(node, inferred, oldNode, before.inferred);
    inferred.push(same ? old : inferNode(node, collect(node, inferred), arrivalsOf(flat, node), env, old));
  }
  return inferred;
}

/** Whether the very same types and receptive fields arrive as did before. */
function sameInputs(node: FlatNode, inferred: readonly Inferred[], oldNode: FlatNode, oldInferred: readonly Inferred[]): boolean {
  if (node.unknown.join() !== oldNode.unknown.join()) return false;
  for (const port in oldNode.inputs) if (!node.inputs[port]) return false;
  for (const port in node.inputs) {
    const sources = node.inputs[port] ?? [];
    const oldSources = oldNode.inputs[port] ?? [];
    if (sources.length !== oldSources.length) return false;
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      const oldSource = oldSources[i];
      const now = source && inferred[source.node];
      const then = oldSource && oldInferred[oldSource.node];
      if (now === then && source?.port === oldSource?.port) continue;
      if (!now || !then || now.facts?.outputs[source.port] !== then.facts?.outputs[oldSource.port] || now.field !== then.field) return false;
    }
  }
  return true;
}

function collect(node: FlatNode, inferred: readonly Inferred[]): Upstream {
  const types: Record<string, (TensorType | undefined)[]> = {};
  const fields: Field[] = [];
  for (const port in node.inputs) {
    types[port] = (node.inputs[port] ?? []).map((source) => {
      const upstream = inferred[source.node];
      if (upstream?.field) fields.push(upstream.field);
      return upstream?.facts?.outputs[source.port];
    });
  }
  return { types, fields };
}

const arrivalsOf = (flat: Flat, node: FlatNode): readonly Arrival[] => flat.scopes.get(node.place.graph)?.order.arriving.get(node.place.node) ?? [];

/** Facts with shared weights counted once, all problems in the order of the document, totals. */
function assemble(document: NetloomDocument, flat: Flat, inferred: readonly Inferred[], registry: Registry, views: Views): Checked {
  const shared = sharedKeys(flat);
  const owners = new Map<string, { path: string; weights: NodeFacts["weights"] }>();
  const found: Problem[] = [...flat.problems];
  const facts: (NodeFacts | undefined)[] = [];
  const totals = { parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 };
  for (let i = 0; i < flat.nodes.length; i++) {
    const node = flat.nodes[i];
    const one = inferred[i];
    if (!node) continue;
    if (one && one.problems.length > 0) found.push(...one.problems);
    let fact = one?.facts;
    if (fact && fact.parameters > 0 && shared.has(node.weightKey)) {
      const owner = owners.get(node.weightKey);
      if (!owner) owners.set(node.weightKey, { path: node.path, weights: fact.weights });
      else {
        if (!sameWeights(owner.weights, fact.weights)) found.push(problems.sharedMismatch(node.place, node.path, node.weightKey, owner.path));
        fact = { ...fact, parameters: 0, trainable: 0 };
      }
    }
    facts.push(fact);
    if (fact) addTotals(totals, fact);
  }
  found.push(...unusedNodes(document, flat, registry));
  const graph = { nodes: flat.nodes, facts, byPath: flat.byPath };
  found.push(...derivativeProblems(flat.nodes), ...trainingProblems(document, graph));
  const all = settleBeforeEnds(flat, registry, suggestConnections(document, flat, onlyFirstInstance(found)));
  return { ...graph, problems: all, totals, ok: all.every((problem) => problem.severity !== "error"), view: views.of(document, flat, facts, all) };
}

const sharedBy = new WeakMap<Flat["scopes"], ReadonlySet<string>>();

/** The weights that several nodes use: the same for as long as an edit only moves nodes or sets parameters, when the scopes stay the same. */
function sharedKeys({ scopes, nodes }: Flat): ReadonlySet<string> {
  let shared = sharedBy.get(scopes);
  if (!shared) {
    const seen = new Set<string>();
    const twice = new Set<string>();
    for (const { weightKey } of nodes) (seen.has(weightKey) ? twice : seen).add(weightKey);
    sharedBy.set(scopes, (shared = twice));
  }
  return shared;
}

function addTotals(sum: { -readonly [K in keyof Totals]: number }, more: Totals): void {
  sum.parameters += more.parameters;
  sum.trainable += more.trainable;
  sum.multiplyAdds += more.multiplyAdds;
  sum.activations += more.activations;
}

const sameWeights = (a: NodeFacts["weights"], b: NodeFacts["weights"]): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && String(a[name]?.shape) === String(b[name].shape));
};

/** Layers and blocks whose output goes nowhere, unless they are ends by nature. */
function unusedNodes(document: NetloomDocument, flat: Flat, registry: Registry): Problem[] {
  const found: Problem[] = [];
  for (const [graph, { prefix, order }] of flat.scopes) {
    for (const { id, type } of deadEnds(order)) {
      const ends = type.startsWith("block:") ? !blockNamed(document, type.slice(6))?.outputs.length : registry.get(type)?.role !== "layer";
      const minimised = document.training?.phases?.some((phase) => phase.minimise.split(".")[0] === prefix + id);
      if (!ends && !minimised) found.push(problems.unused({ graph, node: id }, prefix + id));
    }
  }
  return found;
}

const known = new WeakMap<LocalOrder, readonly GraphNode[]>();

/** Nodes that no wire leaves. */
function deadEnds(order: LocalOrder): readonly GraphNode[] {
  let found = known.get(order);
  if (!found) {
    const used = new Set<string>();
    for (const arrivals of order.arriving.values()) for (const { fromNode } of arrivals) used.add(fromNode);
    known.set(order, (found = order.nodes.filter(({ id }) => !used.has(id))));
  }
  return found;
}

/** A fault inside a block shows in every instance; it is told once. */
function onlyFirstInstance(found: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return found.filter((problem) => {
    const key = `${problem.code} ${problem.place.graph} ${problem.place.node} ${problem.place.port} ${problem.message} ${problem.received}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
