import { blockOf } from "../../src/document/blocks.ts";
import type { Block, GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import { interfaceOf } from "../../src/graph/backwards.ts";
import { createParamReader, type ParamFault, type Scope, scopeOf } from "../../src/graph/params.ts";
import type { NodeView } from "../../src/graph/types.ts";
import { type InferEnv, type Layer, outputPorts, type Params, type Port } from "../../src/layers/contract.ts";
import type { Family } from "../../src/layers/families.ts";
import { invert, undone } from "../../src/layers/invert.ts";
import { registry } from "../../src/layers/registry.ts";

/** What a node is, whether a layer or an instance of a block: title, ports, parameters as its layer sees them. */

export interface PortInfo extends Partial<Port> {
  readonly name: string;
}

export interface NodeInfo {
  /** `"Convolution 2D"`, the block's title, or the type itself where nothing of that name is known. */
  readonly title: string;
  readonly family: Family | "block";
  readonly layer?: Layer;
  readonly block?: Block;
  readonly blockName?: string;
  /** How many copies a block stands for. */
  readonly repeat: number;
  readonly params: Params;
  readonly faults: readonly ParamFault[];
  /** The parameters that matter, in a line; empty if none. */
  readonly summary: string;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  /** It runs from its outputs to its inputs. */
  readonly backwards: boolean;
  /** Whether it can: a layer that can be undone, or a block. */
  readonly turns: boolean;
}

type Reader = ReturnType<typeof createParamReader>;
const readers = new WeakMap<InferEnv, Reader>();
const scopes = new WeakMap<Block, Scope>();
const mainScope = scopeOf({});

const readerOf = (env: InferEnv): Reader => {
  let reader = readers.get(env);
  if (!reader) readers.set(env, (reader = createParamReader(env)));
  return reader;
};

/** A block's parameters at their defaults: what its inside is shown with. */
export function scopeOfGraph(document: NetloomDocument, graph: string): Scope {
  const block = document.blocks?.[graph];
  if (!block) return mainScope;
  let scope = scopes.get(block);
  if (!scope) scopes.set(block, (scope = scopeOf(block.params ?? {})));
  return scope;
}

interface Known {
  readonly env: InferEnv;
  readonly scope: Scope;
  readonly block: Block | undefined;
  /** Only of a block that runs backwards: its ports hang on what is inside. */
  readonly blocks: NetloomDocument["blocks"] | undefined;
  readonly info: NodeInfo;
}
const known = new WeakMap<GraphNode, Known>();

/** Everything the editor shows of a node that does not depend on its wires. The same object as long as nothing of it changes. */
export function nodeInfo(document: NetloomDocument, graph: string, node: GraphNode, env: InferEnv): NodeInfo {
  const scope = scopeOfGraph(document, graph);
  const block = document.blocks?.[blockOf(node) ?? ""];
  const blocks = block && node.direction === "inverse" ? document.blocks : undefined;
  const before = known.get(node);
  if (before && before.env === env && before.scope === scope && before.block === block && before.blocks === blocks) return before.info;
  const info = makeInfo(document, graph, node, env);
  known.set(node, { env, scope, block, blocks, info });
  return info;
}

function makeInfo(document: NetloomDocument, graph: string, node: GraphNode, env: InferEnv): NodeInfo {
  const name = blockOf(node);
  if (name !== undefined) return blockInfo(document, node, name);
  const layer = registry.get(node.type);
  if (!layer) return { ...unknownLayer, title: node.type };
  const { params, faults, outputs } = readerOf(env)(node, layer, scopeOfGraph(document, graph));
  const backwards = node.direction === "inverse" && layer.inverse !== undefined;
  const drawn = backwards ? invert(layer, outputs, Object.fromEntries(undone(layer).map((port) => [port, 1]))) : layer;
  return {
    title: layer.title,
    family: layer.family,
    layer,
    repeat: 1,
    params,
    faults,
    summary: faults.length === 0 ? (layer.summary?.(params) ?? "") : "",
    inputs: Object.entries(drawn.inputs).map(([port, info]) => ({ name: port, ...info })),
    outputs: (backwards ? outputPorts(drawn, params, env) : outputs).map((port) => ({ name: port })),
    backwards,
    turns: layer.inverse !== undefined,
  };
}

const unknownLayer: Omit<NodeInfo, "title"> = {
  family: "arithmetic",
  repeat: 1,
  params: {},
  faults: [],
  summary: "",
  inputs: [],
  outputs: [],
  backwards: false,
  turns: false,
};

function blockInfo(document: NetloomDocument, node: GraphNode, name: string): NodeInfo {
  const block = document.blocks?.[name];
  const repeat = Number(node.params?.repeat ?? 1);
  const { repeat: _, ...rest } = { ...block?.params, ...node.params };
  const summary = Object.entries(rest).map(([param, value]) => `${param} ${value}`);
  const backwards = node.direction === "inverse";
  const ports = block && interfaceOf(document, block, backwards, registry);
  return {
    title: block?.title ?? name,
    family: "block",
    ...(block && { block }),
    blockName: name,
    repeat: Number.isFinite(repeat) ? repeat : 1,
    params: { ...rest },
    faults: [],
    summary: summary.join(" · "),
    inputs: (ports?.inputs ?? []).map((port) => ({
      name: port.name,
      help: "",
      ...(port.optional && { optional: true }),
      ...(port.many && { many: true }),
    })),
    outputs: (ports?.outputs ?? []).map((port) => ({ name: port.name })),
    backwards,
    turns: true,
  };
}

/** The ports, those too that only wires or the checker know of: none of them may vanish from sight. */
export const portNames = (ports: readonly PortInfo[], known: Iterable<string>): readonly string[] => [
  ...new Set([...ports.map((port) => port.name), ...known]),
];

/** `node.label`, or the layer's title. */
export const nodeTitle = (node: GraphNode, info: Pick<NodeInfo, "title">): string => node.label ?? info.title;

export const noView: NodeView = { inputs: {}, outputs: {}, problems: [], parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 };
