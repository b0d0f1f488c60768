import type { Flat, FlatScope } from "./flatten.ts";
import type { Source } from "./types.ts";

/** Where in the flat graph that comes from which a node's view tells. */
export interface Plan {
  readonly id: string;
  /** Its flat nodes: one for a layer, all inside for a block. */
  readonly inside: readonly number[];
  readonly layer: boolean;
  readonly outputs: readonly Wired[];
  readonly inputs: readonly Wired[];
  /** Every flat node that any of it depends on. */
  readonly needs: readonly number[];
}
export interface Wired {
  readonly port: string;
  readonly sources: readonly (Source | undefined)[];
}

const known = new WeakMap<FlatScope, readonly Plan[]>();

/** The same list for as long as the scope is the same: through edits that only set parameters or move nodes. */
export function plansOf(flat: Flat, scope: FlatScope, block: boolean): readonly Plan[] {
  let plans = known.get(scope);
  if (!plans) known.set(scope, (plans = makePlans(flat, scope, block)));
  return plans;
}

function makePlans(flat: Flat, scope: FlatScope, block: boolean): readonly Plan[] {
  const { order, prefix } = scope;
  const inside = new Map<string, number[]>();
  const layers = new Set<string>();
  for (const [i, { path }] of flat.nodes.entries()) {
    if (!path.startsWith(prefix)) continue;
    const slash = path.indexOf("/", prefix.length);
    const id = path.slice(prefix.length, slash < 0 ? undefined : slash);
    if (slash < 0) layers.add(id);
    put(inside, id, i);
  }
  const outputs = new Map<string, Wired[]>();
  for (const [end, source] of scope.outputs) {
    const dot = end.indexOf(".");
    put(outputs, end.slice(0, dot), { port: end.slice(dot + 1), sources: [source] });
  }
  const entering = block ? [...scope.incoming].map(([port, sources]): Wired => ({ port, sources })) : [];
  const arriving = (id: string): Wired[] =>
    (order.arriving.get(id) ?? []).map(({ port, fromNode, fromPort }) => ({
      port,
      sources: fromNode === "in" ? (entering.find((one) => one.port === fromPort)?.sources ?? []) : [scope.outputs.get(`${fromNode}.${fromPort}`)],
    }));
  const ids = new Set([...order.nodes.map(({ id }) => id), ...order.cycle]);
  const plans = [...ids].map((id) => plan(id, inside.get(id) ?? [], layers.has(id), outputs.get(id) ?? [], arriving(id)));
  return block ? [...plans, plan("in", [], false, entering, []), plan("out", [], false, [], arriving("out"))] : plans;
}

function plan(id: string, inside: readonly number[], layer: boolean, outputs: readonly Wired[], inputs: readonly Wired[]): Plan {
  const ends = [...outputs, ...inputs].flatMap(({ sources }) => sources.flatMap((source) => source?.node ?? []));
  return { id, inside, layer, outputs, inputs, needs: [...new Set([...inside, ...ends])] };
}

/** Adds to the list under a key. */
export function put<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
