import { blockNamed } from "../document/edits.ts";
import type { NetloomDocument } from "../document/schema.ts";
import type { TensorType } from "../tensor/types.ts";
import type { Flat, FlatScope } from "./flatten.ts";
import type { NodeFacts, NodeView, Problem } from "./types.ts";

/**
 * Facts as a canvas shows them: one entry for each node of a graph, blocks with the sums of all that is inside, and
 * `"in"` and `"out"` for a block's own ports. Made when first asked for, since only the open graph is looked at.
 */
export function createView(document: NetloomDocument, flat: Flat, facts: readonly (NodeFacts | undefined)[], problems: readonly Problem[]) {
  const made = new Map<string, ReadonlyMap<string, NodeView>>();
  return (graph: string): ReadonlyMap<string, NodeView> => {
    let view = made.get(graph);
    if (!view) made.set(graph, (view = viewOf(document, flat, facts, problems, graph)));
    return view;
  };
}

type Mutable = { -readonly [K in keyof NodeView]: NodeView[K] };

function viewOf(
  document: NetloomDocument,
  flat: Flat,
  facts: readonly (NodeFacts | undefined)[],
  problems: readonly Problem[],
  graph: string,
): ReadonlyMap<string, NodeView> {
  const views = new Map<string, Mutable>();
  const scope = flat.scopes.get(graph);
  if (!scope) return views;
  for (const node of scope.order.nodes) views.set(node.id, empty());
  for (const id of scope.order.cycle) views.set(id, empty());
  sumUp(flat, facts, scope, views);
  addPorts(document, facts, graph, scope, views);
  addProblems(problems, graph, scope, views);
  return views;
}

const empty = (): Mutable => ({ inputs: {}, outputs: {}, problems: [], parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 });

function sumUp(flat: Flat, facts: readonly (NodeFacts | undefined)[], scope: FlatScope, views: Map<string, Mutable>): void {
  for (const [i, node] of flat.nodes.entries()) {
    if (!node.path.startsWith(scope.prefix)) continue;
    const rest = node.path.slice(scope.prefix.length);
    const slash = rest.indexOf("/");
    const view = views.get(slash < 0 ? rest : rest.slice(0, slash));
    const fact = facts[i];
    if (!view || !fact) continue;
    view.parameters += fact.parameters;
    view.trainable += fact.trainable;
    view.multiplyAdds += fact.multiplyAdds;
    view.activations += fact.activations;
    if (slash < 0 && fact.receptiveField) view.receptiveField = fact.receptiveField;
  }
}

function addPorts(
  document: NetloomDocument,
  facts: readonly (NodeFacts | undefined)[],
  graph: string,
  scope: FlatScope,
  views: Map<string, Mutable>,
): void {
  const typeOf = (end: string): TensorType | undefined => {
    const source = scope.outputs.get(end);
    return source && facts[source.node]?.outputs[source.port];
  };
  for (const end of scope.outputs.keys()) {
    const dot = end.indexOf(".");
    const view = views.get(end.slice(0, dot));
    const type = typeOf(end);
    if (view && type) view.outputs = { ...view.outputs, [end.slice(dot + 1)]: type };
  }
  const entering = new Map<string, TensorType>();
  if (blockNamed(document, graph)) {
    for (const [port, sources] of scope.incoming) {
      for (const source of sources) {
        const type = source && facts[source.node]?.outputs[source.port];
        if (type) entering.set(port, type);
      }
    }
    views.set("in", { ...empty(), outputs: Object.fromEntries(entering) });
    views.set("out", empty());
  }
  for (const [id, arrivals] of scope.order.arriving) {
    const view = views.get(id);
    if (!view) continue;
    const inputs = new Map<string, TensorType[]>();
    for (const { port, fromNode, fromPort } of arrivals) {
      const type = fromNode === "in" ? entering.get(fromPort) : typeOf(`${fromNode}.${fromPort}`);
      const known = inputs.get(port);
      if (type && known) known.push(type);
      else if (type) inputs.set(port, [type]);
    }
    view.inputs = Object.fromEntries(inputs);
  }
}

/** A node's own problems; for a block also those inside this instance. */
function addProblems(problems: readonly Problem[], graph: string, scope: FlatScope, views: Map<string, Mutable>): void {
  for (const problem of problems) {
    const own = problem.place.graph === graph ? problem.place.node : undefined;
    const inside = problem.path?.startsWith(scope.prefix) ? problem.path.slice(scope.prefix.length).split("/")[0] : undefined;
    const view = views.get(own ?? inside ?? "");
    if (view) view.problems = [...view.problems, problem];
  }
}
