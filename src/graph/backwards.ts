import { blockNamed, nodeOf, portOf } from "../document/edits.ts";
import type { Block, GraphNode, NetloomDocument } from "../document/schema.ts";
import { logdetPort, undone } from "../layers/invert.ts";
import type { Registry } from "../layers/registry.ts";
import { localOrder } from "./order.ts";

/**
 * A block run backwards: from what left it to what had entered it. A node is undone once all its outputs and conditions are known;
 * a node all of whose inputs are known runs forwards, as the network inside a coupling does.
 */
export interface Backwards {
  readonly steps: readonly BackStep[];
  /** The block's inputs that are found again. The others are conditions: they must be given backwards too. */
  readonly through: readonly string[];
  /** Why it cannot be done: the node in the way and what is wrong with it, in words. */
  readonly hindrance?: Hindrance;
}
export interface BackStep {
  readonly node: GraphNode;
  readonly undo: boolean;
}
export interface Hindrance {
  /** Ids from the outermost block inwards. */
  readonly node: string;
  readonly reason: string;
}

/** Ports of a block as an instance of it shows them. */
export interface Interface {
  readonly inputs: readonly { readonly name: string; readonly optional?: boolean | undefined; readonly many?: boolean | undefined }[];
  readonly outputs: readonly { readonly name: string }[];
}

const answers = new WeakMap<Block, { readonly blocks: NetloomDocument["blocks"]; readonly registry: Registry; readonly plan: Backwards }>();
const deepest = 16;

/** How the block is undone; remembered for as long as the document's blocks are the same. */
export function backwardsOf(document: NetloomDocument, block: Block, registry: Registry, depth = 0): Backwards {
  const before = answers.get(block);
  if (before && before.blocks === document.blocks && before.registry === registry) return before.plan;
  const plan = makePlan(document, block, registry, depth);
  answers.set(block, { blocks: document.blocks, registry, plan });
  return plan;
}

/** A block's ports the way an instance runs: backwards, inputs and outputs change places, but for conditions and log-determinants. */
export function interfaceOf(document: NetloomDocument, block: Block, inverse: boolean, registry: Registry): Interface {
  if (!inverse) return block;
  const { through } = backwardsOf(document, block, registry);
  return {
    inputs: [...block.outputs.filter(({ name }) => name !== logdetPort), ...block.inputs.filter(({ name }) => !through.includes(name))],
    outputs: [...block.inputs.filter(({ name }) => through.includes(name)), ...block.outputs.filter(({ name }) => name === logdetPort)],
  };
}

/** What undoing a node as it is drawn takes. */
interface Undoing {
  readonly conditions: ReadonlySet<string>;
  /** Outputs that must all be known; those with wires, if which there are hangs on parameters. */
  readonly outputs: readonly string[] | undefined;
  readonly hindrance?: Hindrance;
}

function undoing(document: NetloomDocument, node: GraphNode, registry: Registry, depth: number): Undoing {
  const nothing = new Set<string>();
  if (!node.type.startsWith("block:")) {
    const layer = registry.get(node.type);
    if (!layer?.inverse)
      return { conditions: nothing, outputs: [], hindrance: { node: node.id, reason: `${layer?.title ?? node.type} has no inverse` } };
    if (node.direction === "inverse") return { conditions: new Set(layer.conditions), outputs: undone(layer) };
    const outputs = typeof layer.outputs === "function" ? undefined : layer.outputs.filter((port) => port !== logdetPort);
    return { conditions: new Set(layer.conditions), outputs };
  }
  const block = blockNamed(document, node.type.slice("block:".length));
  if (!block || depth >= deepest) return { conditions: nothing, outputs: [], hindrance: { node: node.id, reason: "it is not known what is inside" } };
  const { through, hindrance } = backwardsOf(document, block, registry, depth + 1);
  const ports = interfaceOf(document, block, node.direction === "inverse", registry);
  return {
    conditions: new Set(block.inputs.map(({ name }) => name).filter((name) => !through.includes(name))),
    outputs: ports.outputs.map(({ name }) => name).filter((name) => name !== logdetPort),
    ...(hindrance && { hindrance: { node: `${node.id}/${hindrance.node}`, reason: hindrance.reason } }),
  };
}

function makePlan(document: NetloomDocument, block: Block, registry: Registry, depth: number): Backwards {
  const { arriving, nodes, cycle } = localOrder(block);
  const [first] = cycle;
  if (first !== undefined)
    return { steps: [], through: block.inputs.map(({ name }) => name), hindrance: { node: first, reason: "it is part of a cycle" } };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const facts = new Map(nodes.map((node) => [node.id, undoing(document, node, registry, depth)]));
  const readers = new Map<string, { node: string; port: string }[]>();
  const made = new Map<string, string[]>();
  for (const [node, arrivals] of arriving) {
    for (const { port, edge } of arrivals) {
      const list = readers.get(edge.from);
      if (list) list.push({ node, port });
      else {
        readers.set(edge.from, [{ node, port }]);
        const from = nodeOf(edge.from);
        made.set(from, [...(made.get(from) ?? []), edge.from]);
      }
    }
  }
  const into = (id: string, conditions: boolean) =>
    (arriving.get(id) ?? []).filter(({ port }) => (facts.get(id)?.conditions.has(port) ?? false) === conditions).map(({ edge }) => edge.from);
  const leaving = (id: string) =>
    facts.get(id)?.outputs?.map((port) => `${id}.${port}`) ?? (made.get(id) ?? []).filter((value) => portOf(value) !== logdetPort);

  const given = (arriving.get("out") ?? []).filter(({ port }) => port !== logdetPort).map(({ edge }) => edge.from);
  const through = wanted(given, (id) => into(id, false));
  const known = new Set(given);
  for (const { name } of block.inputs) if (!through.has(`in.${name}`)) known.add(`in.${name}`);

  const steps: BackStep[] = [];
  const done = new Set<string>();
  const open = nodes.map(({ id }) => id).reverse();
  const learn = (values: readonly string[]) => {
    for (const value of values) {
      if (known.has(value)) continue;
      known.add(value);
      for (const { node } of readers.get(value) ?? []) open.push(node);
      open.push(nodeOf(value));
    }
  };
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const node = byId.get(id);
    const fact = facts.get(id);
    if (!node || !fact || done.has(id)) continue;
    const [steered, entering, left] = [into(id, true), into(id, false), leaving(id)];
    const can = !fact.hindrance && left.length > 0 && entering.length > 0;
    const undo = can && left.every((value) => known.has(value)) && steered.every((value) => known.has(value));
    const forwards = !undo && [...steered, ...entering].every((value) => known.has(value));
    if (!undo && !forwards) continue;
    done.add(id);
    steps.push({ node, undo });
    learn(undo ? [...entering, ...(made.get(id) ?? [])] : (made.get(id) ?? []));
  }

  const names = block.inputs.map(({ name }) => name).filter((name) => through.has(`in.${name}`));
  const missing = names.find((name) => !known.has(`in.${name}`));
  const hindrance = missing === undefined ? undefined : hindranceAt(`in.${missing}`, new Set());
  return { steps, through: names, ...(hindrance && { hindrance }) };

  /** Follows a value that stays unknown to the node that keeps it so. */
  function hindranceAt(value: string, seen: Set<string>): Hindrance {
    seen.add(value);
    let waiting: Hindrance | undefined;
    for (const { node, port } of readers.get(value) ?? []) {
      const fact = facts.get(node);
      if (!fact || fact.conditions.has(port)) continue;
      if (fact.hindrance) return fact.hindrance;
      const lost = leaving(node).find((left) => !known.has(left) && !readers.has(left));
      if (lost !== undefined) return { node, reason: `its output ${portOf(lost)} goes nowhere, so what it held is lost` };
      const later = leaving(node).find((left) => !known.has(left) && !seen.has(left));
      if (later !== undefined) return hindranceAt(later, seen);
      const unsteered = (arriving.get(node) ?? []).find(({ port: at, edge }) => fact.conditions.has(at) && !known.has(edge.from));
      if (unsteered) waiting ??= { node, reason: `its ${unsteered.port} depends on what only it could give back` };
    }
    return waiting ?? { node: nodeOf(value) === "in" ? portOf(value) : nodeOf(value), reason: "nothing that can be undone reads it" };
  }

  /** All values that the given ones were made of along ports that are undone: what running backwards is to find. */
  function wanted(values: readonly string[], before: (id: string) => readonly string[]): ReadonlySet<string> {
    const seen = new Set(values);
    const left = [...values];
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      if (nodeOf(value) === "in") continue;
      for (const one of before(nodeOf(value))) {
        if (seen.has(one)) continue;
        seen.add(one);
        left.push(one);
      }
    }
    return seen;
  }
}
