import { blockNamed, changeGraph, freshId, graphOf, nodeOf, portOf } from "./edits.ts";
import { evaluate, type Value } from "./expression.ts";
import type { Block, Edge, Graph, GraphNode, NetloomDocument, ParamValue } from "./schema.ts";

/** Pure operations on blocks: nodes become a block's definition and one instance of it, and the other way round. */

const blockPrefix = "block:";

/** The block that a node instances, if it does. */
export const blockOf = (node: Pick<GraphNode, "type">): string | undefined =>
  node.type.startsWith(blockPrefix) ? node.type.slice(blockPrefix.length) : undefined;

/** A name that no block of the document has. */
export function freshBlockName(document: NetloomDocument, wanted: string): string {
  const names = Object.keys(document.blocks ?? {});
  return freshId(wanted, { nodes: names.map((id) => ({ id, type: "" })) });
}

/**
 * Makes a block of some nodes and puts one instance in their place. Wires that cross the border become ports: one
 * input for each different source outside, one output for each different source inside. Expressions that use the
 * enclosing block's parameters become parameters of the new block.
 * @returns the document, and the id of the instance; undefined if no node of the list is there.
 */
export function groupIntoBlock(
  document: NetloomDocument,
  graphName: string,
  ids: readonly string[],
  wantedName: string,
): { readonly document: NetloomDocument; readonly node: string } | undefined {
  const graph = graphOf(document, graphName);
  const inside = new Set(ids);
  const members = graph?.nodes.filter((node) => inside.has(node.id)) ?? [];
  if (!graph || members.length === 0) return undefined;
  const name = freshBlockName(document, wantedName);
  const rest = { nodes: graph.nodes.filter((node) => !inside.has(node.id)) };
  const id = freshId(name, rest);
  const inputs = new Map<string, string>();
  const outputs = new Map<string, string>();
  const innerEdges: Edge[] = [];
  const outerEdges: Edge[] = [];
  for (const edge of graph.edges) {
    const from = inside.has(nodeOf(edge.from));
    const to = inside.has(nodeOf(edge.to));
    if (from && to) innerEdges.push(edge);
    else if (to) {
      const known = inputs.get(edge.from);
      const port = known ?? freshPort(portOf(edge.to), inputs);
      inputs.set(edge.from, port);
      innerEdges.push({ ...edge, from: `in.${port}` });
      if (known === undefined) outerEdges.push({ from: edge.from, to: `${id}.${port}` });
    } else if (from) {
      const known = outputs.get(edge.from);
      const port = known ?? freshPort(portOf(edge.from), outputs);
      outputs.set(edge.from, port);
      if (known === undefined) innerEdges.push({ from: edge.from, to: `out.${port}` });
      outerEdges.push({ ...edge, from: `${id}.${port}` });
    } else outerEdges.push(edge);
  }
  const [left, top, right] = bounds(members);
  const params = usedParameters(document, graphName, members);
  const block: Block = {
    ...(Object.keys(params).length > 0 && { params }),
    inputs: [...inputs.values()].map((port, i) => ({ name: port, at: [left - 220, top + 90 * i] })),
    outputs: [...outputs.values()].map((port, i) => ({ name: port, at: [right + 240, top + 90 * i] })),
    nodes: members,
    edges: innerEdges,
  };
  const instance: GraphNode = {
    id,
    type: blockPrefix + name,
    at: [left, top],
    ...(Object.keys(params).length > 0 && { params: Object.fromEntries(Object.keys(params).map((param) => [param, param])) }),
  };
  const replaced = changeGraph(document, graphName, () => ({ nodes: [...rest.nodes, instance], edges: outerEdges }));
  return { document: { ...replaced, blocks: { ...replaced.blocks, [name]: block } }, node: id };
}

/**
 * Puts a block's inside in the place of one instance. Its parameters are written into the nodes; arithmetic over
 * them is computed where all values are numbers of the instance. A repeated instance is unpacked copy by copy.
 * @returns the document and the ids of the new nodes; undefined if the node is no instance of a block that is there.
 */
export function unpackBlock(
  document: NetloomDocument,
  graphName: string,
  id: string,
): { readonly document: NetloomDocument; readonly nodes: readonly string[] } | undefined {
  const graph = graphOf(document, graphName);
  const instance = graph?.nodes.find((node) => node.id === id);
  const block = instance && blockNamed(document, blockOf(instance) ?? "");
  if (!graph || !instance || !block) return undefined;
  const copies = Number(instance.params?.repeat ?? 1);
  // Which of its wires carry what backwards is the checker's affair; it would unpack into nodes that read what they do not.
  if (instance.direction === "inverse") return undefined;
  if (!Number.isInteger(copies) || copies < 1 || copies * block.nodes.length > 2000) return undefined;
  const nodes = graph.nodes.filter((node) => node.id !== id);
  const edges: Edge[] = graph.edges.filter((edge) => nodeOf(edge.to) !== id && nodeOf(edge.from) !== id);
  const added: string[] = [];
  let entering = new Map<string, readonly string[]>(
    block.inputs.map((port) => [port.name, graph.edges.filter((edge) => edge.to === `${id}.${port.name}`).map((edge) => edge.from)]),
  );
  let leaving = new Map<string, string>();
  const [left, top, right] = bounds(block.nodes);
  for (let copy = 0; copy < copies; copy++) {
    const names = new Map<string, string>();
    for (const node of block.nodes) {
      const name = freshId(node.id, { nodes });
      names.set(node.id, name);
      added.push(name);
      const params = node.params && writtenOut(node.params, { ...block.params, ...scalars(instance.params) });
      const [x, y] = node.at ?? [0, 0];
      const [atX, atY] = instance.at ?? [0, 0];
      nodes.push({ ...node, id: name, ...(params && { params }), at: [atX + x - left + copy * (right - left + 240), atY + y - top] });
    }
    const outside = entering;
    leaving = new Map();
    for (const edge of block.edges) {
      const to = nodeOf(edge.to) === "out" ? undefined : `${names.get(nodeOf(edge.to))}.${portOf(edge.to)}`;
      const froms = nodeOf(edge.from) === "in" ? (outside.get(portOf(edge.from)) ?? []) : [`${names.get(nodeOf(edge.from))}.${portOf(edge.from)}`];
      for (const from of froms) {
        if (to === undefined) leaving.set(portOf(edge.to), from);
        else edges.push({ ...edge, from, to });
      }
    }
    entering = new Map([...outside].map(([port, froms]) => [port, handedOn(block, port, leaving) ?? froms]));
  }
  for (const edge of graph.edges) {
    const from = nodeOf(edge.from) === id ? leaving.get(portOf(edge.from)) : undefined;
    if (from) edges.push({ ...edge, from });
  }
  return { document: changeGraph(document, graphName, () => ({ nodes, edges })), nodes: added };
}

/** Instances of a block anywhere in the document. */
export function instancesOf(document: NetloomDocument, name: string): number {
  const graphs: Graph[] = [document, ...Object.values(document.blocks ?? {})];
  return graphs.reduce((sum, graph) => sum + graph.nodes.filter((node) => blockOf(node) === name).length, 0);
}

/** Gives a block another name, in its definition and all instances. The same document if the name is taken. */
export function renameBlock(document: NetloomDocument, name: string, next: string): NetloomDocument {
  const block = blockNamed(document, name);
  if (!block || blockNamed(document, next) || name === next) return document;
  const rename = (nodes: GraphNode[]) => nodes.map((node) => (blockOf(node) === name ? { ...node, type: blockPrefix + next } : node));
  const blocks = Object.entries(document.blocks ?? {}).map(
    ([key, value]) => [key === name ? next : key, { ...value, nodes: rename(value.nodes) }] as const,
  );
  return { ...document, nodes: rename(document.nodes), blocks: Object.fromEntries(blocks) };
}

/** Takes away a block that nothing instances. */
export function removeBlock(document: NetloomDocument, name: string): NetloomDocument {
  if (!document.blocks || !blockNamed(document, name) || instancesOf(document, name) > 0) return document;
  const { [name]: _, ...blocks } = document.blocks;
  return { ...document, blocks };
}

/** Gives a node another id, in its wires, phases and updates too. The same document if the id is taken or not allowed. */
export function renameNode(document: NetloomDocument, graphName: string, id: string, next: string): NetloomDocument {
  const graph = graphOf(document, graphName);
  if (!graph || id === next || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(next) || next === "in" || next === "out") return document;
  if (!graph.nodes.some((node) => node.id === id) || graph.nodes.some((node) => node.id === next)) return document;
  const end = (text: string) => (nodeOf(text) === id ? `${next}.${portOf(text)}` : text);
  const renamed = changeGraph(document, graphName, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (node.id === id ? { ...node, id: next } : node)),
    edges: edges.map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) })),
  }));
  if (graphName !== "" || !renamed.training?.phases) return renamed;
  const named = (text: string) => (text === id ? next : text.startsWith(`${id}.`) || text.startsWith(`${id}/`) ? next + text.slice(id.length) : text);
  const phases = renamed.training.phases.map((phase) => ({
    ...phase,
    minimise: named(phase.minimise),
    ...(phase.update && { update: phase.update.map(named) }),
  }));
  return { ...renamed, training: { ...renamed.training, phases } };
}

function freshPort(wanted: string, taken: ReadonlyMap<string, string>): string {
  const names = [...taken.values()];
  if (!names.includes(wanted)) return wanted;
  for (let i = 2; ; i++) if (!names.includes(`${wanted}${i}`)) return `${wanted}${i}`;
}

/** Left, top and right of the nodes' corners. */
function bounds(nodes: readonly GraphNode[]): [left: number, top: number, right: number] {
  const at = nodes.map((node): readonly [number, number] => node.at ?? [0, 0]);
  return [Math.min(...at.map(([x]) => x)), Math.min(...at.map(([, y]) => y)), Math.max(...at.map(([x]) => x))];
}

/** The enclosing block's parameters that occur in the nodes' own. */
function usedParameters(document: NetloomDocument, graphName: string, nodes: readonly GraphNode[]): Record<string, Value> {
  const available = Object.entries(blockNamed(document, graphName)?.params ?? {});
  const texts = nodes.flatMap((node) => Object.values(node.params ?? {}).flat()).filter((value) => typeof value === "string");
  return Object.fromEntries(available.filter(([name]) => texts.some((text) => new RegExp(`(^|[^A-Za-z0-9_])${name}($|[^A-Za-z0-9_])`).test(text))));
}

const scalars = (params: Readonly<Record<string, ParamValue>> = {}): Record<string, Value> =>
  Object.fromEntries(Object.entries(params).filter((entry): entry is [string, Value] => !Array.isArray(entry[1])));

/** Parameters with the block's values in place of its names; arithmetic is computed where it can be. */
function writtenOut(params: Readonly<Record<string, ParamValue>>, values: Readonly<Record<string, Value>>): Record<string, ParamValue> {
  const standIns = Object.fromEntries(Object.keys(values).map((name) => [name, 1]));
  const one = (value: Value): Value => {
    if (typeof value !== "string") return value;
    if (Object.hasOwn(values, value)) return values[value] ?? value;
    if (!evaluate(value, standIns).ok) return value;
    const text = value.replace(/[A-Za-z_][A-Za-z0-9_]*/g, (name) => (Object.hasOwn(values, name) ? `(${values[name]})` : name));
    const computed = evaluate(text, {});
    return computed.ok ? computed.value : text;
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.map(one) : one(value)]));
}

/** What the next copy's input gets from this one's outputs, by the rule of repeats: the same name, or the only output. */
function handedOn(block: Block, port: string, leaving: ReadonlyMap<string, string>): readonly string[] | undefined {
  const same = leaving.get(port);
  if (same && block.outputs.some((output) => output.name === port)) return [same];
  const named = block.inputs.some((input) => block.outputs.some((output) => output.name === input.name));
  const [only] = [...leaving.values()];
  const [first] = block.inputs.filter((input) => !input.optional);
  return !named && block.outputs.length === 1 && first?.name === port && only ? [only] : undefined;
}
