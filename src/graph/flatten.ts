import { blockNamed, nodeOf, portOf } from "../document/edits.ts";
import type { Block, Graph, GraphNode, NetloomDocument } from "../document/schema.ts";
import { invert, logdetPort, namesBack, undone } from "../layers/invert.ts";
import type { Registry } from "../layers/registry.ts";
import { type Backwards, backwardsOf, interfaceOf } from "./backwards.ts";
import { type LocalOrder, localOrder } from "./order.ts";
import { compute, type ParamReader, type Scope, scopeOf } from "./params.ts";
import * as problems from "./problems.ts";
import type { FlatNode, Problem, Source } from "./types.ts";
import { chain, only, portsLeft, splitWires, type Wires, wireCounts } from "./wires.ts";

/** A document with its blocks expanded, in an order that respects the wires. */
export interface Flat {
  readonly nodes: readonly FlatNode[];
  readonly byPath: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
  /** Where each graph is seen: the main graph, and each block through its first instance. */
  readonly scopes: ReadonlyMap<string, FlatScope>;
}
export interface FlatScope {
  /** What flat paths of its nodes begin with: `""`, `"stage2/"`, `"stage2/0/"`. */
  readonly prefix: string;
  /** `"conv1.y"` → where that comes from in the flat graph. */
  readonly outputs: ReadonlyMap<string, Source>;
  /** What arrives at the block's own inputs. */
  readonly incoming: Wires;
  readonly order: LocalOrder;
  /** True where the block is seen through an instance that runs backwards, there being no other. */
  readonly backwards: boolean;
}

/** More flat nodes than any network of the literature: beyond it a document is a mistake or an attack. */
const mostFlatNodes = 50_000;
const deepestBlocks = 16;
/** More instances of blocks than that, empty ones too, are an attack: n blocks that each hold two of the next make 2ⁿ. */
const mostInstances = 20_000;
/** Problems of one kind: beyond it nobody reads on, and finding near names takes time. */
const mostOfAKind = 1_000;

const unknownWire = [undefined];

/** What one graph is expanded with. */
interface Expansion {
  readonly name: string;
  readonly prefix: string;
  readonly weightPrefix: string;
  readonly scope: Scope;
  /** What arrives at its `in` ports; backwards, at its `out` ports and conditions. */
  readonly incoming: Wires;
  readonly stack: readonly string[];
  /** How it is undone, if it runs backwards. */
  readonly back: Backwards | undefined;
}
/** Takes what a node gives by one of its ports; `wire` counts the wires at a port that takes many, of a node that is undone. */
type Give = (port: string, source: Source, wire?: number) => void;

/** Expands blocks. Total: whatever is wrong becomes a problem, and the rest is still expanded. */
export function flatten(document: NetloomDocument, registry: Registry, readParams: ParamReader): Flat {
  const nodes: FlatNode[] = [];
  const byPath = new Map<string, number>();
  const found: Problem[] = [];
  const scopes = new Map<string, FlatScope>();
  const checkedGraphs = new Set<string>();
  const told = new Map<string, number>();
  let full = false;
  let instances = 0;

  /** Adds problems up to the most that are told of one kind. They come as functions, since wording them takes time. */
  function tell(kind: string, made: readonly (() => Problem)[]): void {
    const before = told.get(kind) ?? 0;
    told.set(kind, before + made.length);
    for (const make of made.slice(0, Math.max(0, mostOfAKind - before))) found.push(make());
  }

  function tellOfOrder(name: string, { dangling, cycle }: LocalOrder): void {
    tell(
      "dangling",
      dangling.map((edge) => () => problems.danglingWire(name, edge)),
    );
    tell(
      "cycle",
      cycle.map((id) => () => problems.cycle(name, id, cycle)),
    );
  }

  /** Adds one graph's nodes; returns what arrives at its `out` ports, or backwards what had come from its `in` ports. */
  function expand(graph: Graph, { name, prefix, weightPrefix, scope, incoming, stack, back }: Expansion): Wires {
    const order = localOrder(graph);
    const first = !checkedGraphs.has(name) && !back;
    const resolved = new Set<string>();
    if (first) {
      checkedGraphs.add(name);
      tellOfOrder(name, order);
    }
    const outputs = new Map<string, Source>();
    const wiresInto = (id: string): Wires => {
      const wires = new Map<string, (Source | undefined)[]>();
      for (const { port, fromNode, fromPort } of order.arriving.get(id) ?? []) {
        const sources =
          fromNode === "in" && !back?.through.includes(fromPort) ? (incoming.get(fromPort) ?? []) : [outputs.get(`${fromNode}.${fromPort}`)];
        const known = wires.get(port);
        if (known) known.push(...sources);
        else if (sources.length > 0) wires.set(port, [...sources]);
      }
      return wires;
    };
    const entering = new Map(incoming);
    if (!scopes.has(name) || (scopes.get(name)?.backwards && !back))
      scopes.set(name, { prefix, outputs, incoming: entering, order, backwards: back !== undefined });
    let left: Map<string, Set<string>> | undefined;
    /** Output ports that wires leave from, by node. */
    const leaving = () => (left ??= portsLeft(order));
    const set = (end: string, source: Source | undefined) => {
      if (source && !outputs.has(end)) outputs.set(end, source);
    };
    if (back) for (const { port, edge } of order.arriving.get("out") ?? []) if (port !== logdetPort) set(edge.from, incoming.get(port)?.[0]);
    for (const { node, undo } of back?.steps ?? order.nodes.map((node) => ({ node, undo: false }))) {
      if (full) break;
      const add = node.type.startsWith("block:") ? expandBlock : addLayer;
      add(
        node,
        undo ? wiresOutOf(node.id) : wiresInto(node.id),
        undo,
        undo ? giveBack(node.id) : (port, source) => set(`${node.id}.${port}`, source),
      );
    }
    if (first) tell("nowhere", wiresFromNowhere());
    if (!back) return wiresInto("out");
    const before = new Map<string, readonly (Source | undefined)[]>(back.through.map((port) => [port, [outputs.get(`in.${port}`)]]));
    for (const [port, sources] of before) entering.set(port, sources);
    const logdet = wiresInto("out").get(logdetPort);
    return logdet ? before.set(logdetPort, logdet) : before;

    /** What left a node that is undone, and its conditions; what else arrives at it is not asked for. */
    function wiresOutOf(id: string): Wires {
      const wires = new Map(wiresInto(id));
      for (const port of leaving().get(id) ?? []) if (port !== logdetPort) wires.set(port, [outputs.get(`${id}.${port}`)]);
      return wires;
    }

    /** Where what a node gives back belongs: to the beginnings of the wires that arrive at it. */
    function giveBack(id: string): Give {
      const arrivals = order.arriving.get(id) ?? [];
      return (port, source, wire = 0) =>
        port === logdetPort ? set(`${id}.${port}`, source) : set(arrivals.filter((arrival) => arrival.port === port)[wire]?.edge.from ?? "", source);
    }

    /** Output ports by node of this graph; of `in`, the block's inputs. */
    function outputsByNode(): ReadonlyMap<string, readonly string[]> {
      const ports = new Map<string, string[]>([["in", blockNamed(document, name)?.inputs.map((input) => input.name) ?? []]]);
      for (const end of outputs.keys()) ports.set(nodeOf(end), [...(ports.get(nodeOf(end)) ?? []), portOf(end)]);
      return ports;
    }

    /** Wires that begin or end at ports that their node or block does not have. */
    function wiresFromNowhere(): (() => Problem)[] {
      const block = blockNamed(document, name);
      const nowhere: (() => Problem)[] = [];
      let ports: ReadonlyMap<string, readonly string[]> | undefined;
      const portsOf = (id: string) => (ports ??= outputsByNode()).get(id) ?? [];
      for (const [to, arrivals] of order.arriving) {
        for (const { port, fromNode, fromPort, edge } of arrivals) {
          const begins =
            fromNode === "in"
              ? block?.inputs.some((input) => input.name === fromPort)
              : !resolved.has(fromNode) || outputs.has(`${fromNode}.${fromPort}`);
          const ends = to !== "out" || block?.outputs.some((output) => output.name === port);
          const place = to === "out" ? { graph: name } : { graph: name, node: to, port };
          if (!begins) nowhere.push(() => problems.noSuchOutput(place, edge, portsOf(fromNode), "from"));
          else if (!ends) nowhere.push(() => problems.noSuchOutput(place, edge, block?.outputs.map((output) => output.name) ?? [], "to"));
        }
      }
      return nowhere;
    }

    function addLayer(node: GraphNode, wires: Wires, undo: boolean, give: Give): void {
      const layer = registry.get(node.type);
      const place = { graph: name, node: node.id };
      const path = prefix + node.id;
      if (!layer) {
        tell("type", [() => problems.unknownType(place, path, node.type, registry)]);
        return;
      }
      const { params, faults, unknown, outputs: ports } = readParams(node, layer, scope);
      found.push(...faults.map((fault) => problems.badParameter(place, path, layer, fault)));
      tell(
        "parameter",
        unknown.map((param) => () => problems.unknownParameter(place, path, layer, param)),
      );
      const inverse = undo !== (node.direction === "inverse");
      if (inverse && !layer.inverse) {
        found.push(problems.cannotInvert(place, path, layer.title, { node: node.id, reason: `${layer.title} has no inverse` }));
        return;
      }
      const counts = wireCounts(layer, undo ? (order.arriving.get(node.id) ?? []) : undefined);
      const run = inverse ? invert(layer, ports, counts) : layer;
      const inputs = undo ? only(wires, Object.keys(run.inputs)) : wires;
      for (const port of inputs.keys()) {
        if (!Object.hasOwn(run.inputs, port)) found.push(problems.noSuchPort(place, path, port, Object.keys(run.inputs), order));
      }
      if (faults.length > 0) return;
      if (nodes.length >= mostFlatNodes) {
        full = true;
        found.push(problems.tooLarge(place, path, mostFlatNodes));
        return;
      }
      const index = nodes.length;
      byPath.set(path, index);
      nodes.push({
        path,
        layer: run,
        params,
        outputs: inverse ? (run.outputs as readonly string[]) : ports,
        ...splitWires(inputs),
        weightKey: node.shared ?? weightPrefix + node.id,
        place,
      });
      // A source's ports are its data's: none are known of data that are not there.
      if (ports.length > 0 || typeof layer.outputs !== "function") resolved.add(node.id);
      if (!inverse) for (const port of ports) give(port, { node: index, port });
      else {
        for (const port of undone(layer))
          for (const [wire, name] of namesBack(layer, port, counts[port] ?? 0).entries()) give(port, { node: index, port: name }, wire);
        if (ports.includes(logdetPort)) give(logdetPort, { node: index, port: logdetPort });
      }
    }

    function expandBlock(node: GraphNode, wiresIn: Wires, undo: boolean, give: Give): void {
      const blockName = node.type.slice("block:".length);
      const block = blockNamed(document, blockName);
      const place = { graph: name, node: node.id };
      const path = prefix + node.id;
      if (!block) {
        found.push(problems.unknownBlock(place, path, blockName, Object.keys(document.blocks ?? {})));
        return;
      }
      if (stack.includes(blockName) || stack.length >= deepestBlocks) {
        const deep = !stack.includes(blockName);
        found.push(deep ? problems.tooDeep(place, path, deepestBlocks) : problems.recursiveBlock(place, path, [...stack, blockName]));
        return;
      }
      const values = blockValues(block, node, scope, place, path);
      if (!values) return;
      const inverse = undo !== (node.direction === "inverse");
      const back = inverse ? backwardsOf(document, block, registry) : undefined;
      if (back?.hindrance) {
        found.push(problems.cannotInvert(place, path, block.title ?? blockName, back.hindrance));
        return;
      }
      const ports = interfaceOf(document, block, inverse, registry);
      const inputs =
        undo || inverse
          ? only(
              wiresIn,
              ports.inputs.map((port) => port.name),
            )
          : wiresIn;
      if (inverse && !undo)
        for (const port of wiresIn.keys())
          if (!inputs.has(port))
            found.push(
              problems.noSuchPort(
                place,
                path,
                port,
                ports.inputs.map(({ name }) => name),
                order,
              ),
            );
      const missing = ports.inputs.filter((port) => !port.optional && !inputs.has(port.name));
      found.push(...missing.map((port) => problems.unconnected(place, path, port.name, undefined)));
      const { repeat, inner } = values;
      let wires: Wires = new Map([...inputs, ...missing.map((port) => [port.name, unknownWire] as const)]);
      let result: Wires = new Map();
      const weights = node.shared ?? weightPrefix + node.id;
      for (let turn = 0; turn < repeat && !full; turn++) {
        if (++instances > mostInstances) {
          full = true;
          found.push(problems.tooManyInstances(place, path, mostInstances));
          break;
        }
        const step = repeat > 1 ? `/${inverse ? repeat - 1 - turn : turn}/` : "/";
        result = expand(block, {
          name: blockName,
          prefix: path + step,
          weightPrefix: weights + step,
          scope: inner,
          incoming: wires,
          stack: [...stack, blockName],
          back,
        });
        if (turn < repeat - 1) {
          const chained = chain(ports, result);
          if (chained.size === 0) {
            found.push(problems.cannotRepeat(place, path));
            break;
          }
          wires = new Map([...wires, ...chained]);
        }
      }
      for (const port of ports.outputs) {
        const source = result.get(port.name)?.[0];
        if (source) give(port.name, source);
      }
      if (ports.outputs.every((port) => result.get(port.name)?.[0] !== undefined)) resolved.add(node.id);
    }

    /** The block's parameters as this instance sets them, computed in the enclosing scope. */
    function blockValues(
      block: Block,
      node: GraphNode,
      outer: Scope,
      place: { graph: string; node: string },
      path: string,
    ): { repeat: number; inner: Scope } | undefined {
      const values: Record<string, number | string | boolean> = { ...block.params };
      let repeat = 1;
      let ok = true;
      for (const [param, given] of Object.entries(node.params ?? {})) {
        const fallback = block.params && Object.hasOwn(block.params, param) ? block.params[param] : undefined;
        const isText = typeof fallback === "string" && typeof given === "string" && !Object.hasOwn(outer.values, given);
        const computed = isText ? { ok: true as const, value: given } : compute(given, outer.values);
        if (!computed.ok || Array.isArray(computed.value)) {
          ok = false;
          found.push(problems.badBlockParameter(place, path, param, computed.ok ? "One value is expected, not a list." : computed.message, given));
        } else if (param === "repeat") {
          repeat = Number(computed.value);
          if (!Number.isInteger(repeat) || repeat < 1 || repeat > 10_000) {
            ok = false;
            found.push(problems.badBlockParameter(place, path, param, "repeat is a whole number from 1 to 10,000.", given));
          }
        } else if (fallback === undefined) found.push(problems.unknownBlockParameter(place, path, param, Object.keys(block.params ?? {})));
        else if (typeof computed.value !== typeof fallback) {
          ok = false;
          found.push(problems.badBlockParameter(place, path, param, `A ${typeof fallback} is expected.`, given));
        } else values[param] = computed.value;
      }
      return ok ? { repeat, inner: scopeOf(values) } : undefined;
    }
  }

  expand(document, { name: "", prefix: "", weightPrefix: "", scope: scopeOf({}), incoming: new Map(), stack: [], back: undefined });
  for (const [name, block] of Object.entries(document.blocks ?? {})) {
    if (checkedGraphs.has(name)) continue;
    tellOfOrder(name, localOrder(block));
  }
  return { nodes, byPath, problems: found, scopes };
}
