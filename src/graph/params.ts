import { evaluate, type Values } from "../document/expression.ts";
import type { GraphNode, ParamValue } from "../document/schema.ts";
import { type InferEnv, type Layer, outputPorts, type Params } from "../layers/contract.ts";

/** A node's parameters as its layer will see them, or what is wrong with them. */
export interface Resolved {
  readonly params: Params;
  readonly faults: readonly ParamFault[];
  /** Parameters the layer does not have. */
  readonly unknown: readonly string[];
  readonly outputs: readonly string[];
}
export interface ParamFault {
  readonly name: string;
  readonly message: string;
  readonly received: string;
}

/** The values of the enclosing block's parameters; `key` tells equal ones apart quickly. */
export interface Scope {
  readonly values: Values;
  readonly key: string;
}
export const scopeOf = (values: Values): Scope => ({ values, key: JSON.stringify(values) });

/**
 * Parses parameters by the layer's schema. A text where the schema wants something else is first looked up as the
 * name of a block parameter, then computed as arithmetic over them; where the schema wants text, text it stays.
 * Remembered for each node and scope, since parsing is what costs in a check.
 */
export function createParamReader(env: InferEnv): ParamReader {
  const known = new WeakMap<object, Map<string, Resolved>>();
  return (node, layer, scope) => {
    // A node that was only moved keeps its list of parameters; one without any is known by its layer.
    const key = node.params ?? layer;
    let byScope = known.get(key);
    if (!byScope) known.set(key, (byScope = new Map()));
    let resolved = byScope.get(scope.key);
    if (!resolved) byScope.set(scope.key, (resolved = resolve(node, layer, scope.values, env)));
    return resolved;
  };
}
export type ParamReader = (node: GraphNode, layer: Layer, scope: Scope) => Resolved;

function resolve(node: GraphNode, layer: Layer, values: Values, env: InferEnv): Resolved {
  const given = node.params ?? {};
  const shape = layer.params.shape;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shape, name));
  const first = layer.params.safeParse(given);
  if (first.success) return { params: first.data, faults: [], unknown, outputs: outputPorts(layer, first.data, env) };

  const faults: ParamFault[] = [];
  const values2: Record<string, ParamValue> = { ...given };
  const texts = new Set(first.error.issues.map((issue) => String(issue.path[0])));
  for (const name of texts) {
    const value = given[name];
    if (value === undefined) continue;
    const computed = compute(value, values);
    if (computed.ok) values2[name] = computed.value;
    else faults.push({ name, message: computed.message, received: JSON.stringify(value) });
  }
  const second = layer.params.safeParse(values2);
  if (second.success) return { params: second.data, faults: [], unknown, outputs: outputPorts(layer, second.data, env) };
  const said = new Set(faults.map((fault) => fault.name));
  for (const issue of second.error.issues) {
    const name = String(issue.path[0]);
    if (!said.has(name)) faults.push({ name, message: issue.message, received: JSON.stringify(values2[name] ?? null) });
    said.add(name);
  }
  return { params: {}, faults, unknown, outputs: [] };
}

/** A text as the block parameter it names, or as arithmetic; lists item by item; all else as it is. */
export function compute(value: ParamValue, values: Values): { ok: true; value: ParamValue } | { ok: false; message: string } {
  if (Array.isArray(value)) {
    const items: (number | string | boolean)[] = [];
    for (const item of value) {
      const computed = compute(item, values);
      if (!computed.ok) return computed;
      items.push(computed.value as number | string | boolean);
    }
    return { ok: true, value: items };
  }
  if (typeof value !== "string") return { ok: true, value };
  const named = Object.hasOwn(values, value) ? values[value] : undefined;
  return named === undefined ? evaluate(value, values) : { ok: true, value: named };
}
