import type { Edit } from "../document/edits.ts";
import { type InferEnv, isProblem, type LayerMend, type Params, type Port, type PortValues, type WeightSpecs } from "../layers/contract.ts";
import { elementsPerExample, formatShape, sameType, type TensorType } from "../tensor/types.ts";
import type { Arrival } from "./order.ts";
import * as problems from "./problems.ts";
import type { FlatNode, Mend, NodeFacts, Problem } from "./types.ts";

/** What one node's inference yields. */
export interface Inferred {
  readonly facts?: NodeFacts;
  readonly problems: readonly Problem[];
  readonly field?: Field;
}

/** Along each spatial axis: how many input samples one output sample sees, and how far apart two neighbours look. */
export interface Field {
  readonly extent: readonly number[];
  readonly spread: readonly number[];
}

/** What comes before a node, as far as its own facts depend on it. */
export interface Upstream {
  readonly types: Readonly<Record<string, readonly (TensorType | undefined)[]>>;
  /** Of the wires that have one. */
  readonly fields: readonly Field[];
}

/** Facts of one node: ports' demands, the layer's own inference, weights and costs. `before` lends equal types and fields their identity. */
export function inferNode(node: FlatNode, upstream: Upstream, arrivals: readonly Arrival[], env: InferEnv, before: Inferred | undefined): Inferred {
  const found: Problem[] = [];
  const inputs: Record<string, TensorType | readonly TensorType[] | undefined> = {};
  let complete = true;
  for (const [name, port] of Object.entries(node.layer.inputs)) {
    const types = upstream.types[name] ?? [];
    if (node.unknown.includes(name)) {
      complete = false;
      continue;
    }
    if (types.length === 0) {
      if (!port.optional) {
        found.push(problems.unconnected(node.place, node.path, name, undefined));
        complete = false;
      } else if (port.many) inputs[name] = [];
      continue;
    }
    if (types.length > 1 && !port.many) {
      found.push(
        problems.tooManyWires(
          node.place,
          node.path,
          name,
          arrivals.filter((arrival) => arrival.port === name).map((arrival) => arrival.edge),
        ),
      );
      complete = false;
      continue;
    }
    const known = types.filter((type): type is TensorType => type !== undefined);
    if (known.length < types.length) complete = false;
    else {
      const fault = known.map((type) => portFault(node, name, port, type, arrivals)).find((problem) => problem !== undefined);
      if (fault) {
        found.push(fault);
        complete = false;
      }
      inputs[name] = port.many ? known : known[0];
    }
  }
  if (!complete) return { problems: found };

  const outputs = node.layer.infer(inputs, node.params, env);
  if (isProblem(outputs)) {
    const { problem, port, mend, ...more } = outputs;
    found.push({
      severity: "error",
      code: "shape",
      message: problem,
      place: port ? { ...node.place, port } : node.place,
      path: node.path,
      received: receivedText(inputs, port),
      ...more,
      ...(mend && { mend: toMend(node, mend, arrivals) }),
    });
    return { problems: found };
  }
  const kept: Record<string, TensorType> = {};
  for (const [name, type] of Object.entries(outputs)) {
    const old = before?.facts?.outputs[name];
    kept[name] = old && sameType(old, type) ? old : type;
  }
  const weights = node.layer.weights?.(inputs, node.params) ?? {};
  const present = Object.fromEntries(Object.entries(weights).filter(([, spec]) => spec !== undefined)) as WeightSpecs;
  const newField = receptiveField(node, inputs, kept, upstream);
  const oldField = before?.field;
  const field =
    newField && oldField && String(newField.extent) === String(oldField.extent) && String(newField.spread) === String(oldField.spread)
      ? oldField
      : newField;
  return {
    problems: found,
    ...(field && { field }),
    facts: {
      inputs,
      outputs: kept,
      weights: present,
      ...count(present),
      multiplyAdds: node.layer.cost?.(inputs, kept, node.params) ?? 0,
      activations: Object.values(kept).reduce((sum, type) => sum + elementsPerExample(type.shape), 0),
      ...(field && { receptiveField: field.extent }),
    },
  };
}

function count(weights: WeightSpecs): { parameters: number; trainable: number } {
  let parameters = 0;
  let trainable = 0;
  for (const spec of Object.values(weights)) {
    const size = spec.shape.reduce((product, dim) => product * dim, 1);
    parameters += size;
    if (spec.trainable !== false) trainable += size;
  }
  return { parameters, trainable };
}

/** A type that its port does not take, with a flatten offered where too many axes arrive. */
function portFault(node: FlatNode, name: string, port: Port, type: TensorType, arrivals: readonly Arrival[]): Problem | undefined {
  const insert = (layer: string, label: string, params: Params): Mend =>
    toMend(node, { kind: "insert", label, port: name, type: layer, params }, arrivals);
  const received = `${formatShape(type.shape)} ${type.dtype}`;
  if (port.dtype && port.dtype !== type.dtype) {
    const mend = port.dtype === "float32" && type.classes ? insert("embedding", "Insert an embedding", { vocabulary: type.classes }) : undefined;
    return problems.wrongDtype(node.place, node.path, name, port.dtype, received, mend);
  }
  if (port.rank === undefined) return undefined;
  const ranks = typeof port.rank === "number" ? [port.rank] : port.rank;
  if (ranks.includes(type.shape.length)) return undefined;
  const { graph, node: id } = node.place;
  const other = node.layer.forRank?.[type.shape.length];
  const mend: Mend | undefined =
    other !== undefined
      ? { label: `Use ${other} instead`, edits: [{ kind: "set-type", graph, node: id, type: other }] }
      : ranks.includes(2) && type.shape.length > 2
        ? insert("flatten", "Insert a flatten", {})
        : undefined;
  const wanted = ranks.length === 1 ? `${ranks[0]} axes` : `${ranks.join(" or ")} axes`;
  return problems.wrongRank(node.place, node.path, name, port.help, { expected: wanted, received, ...(mend && { mend }) });
}

/** A layer's remedy as an edit of the document. Catalogue layers take `x` and give `y`. */
function toMend(node: FlatNode, mend: LayerMend, arrivals: readonly Arrival[]): Mend {
  const { graph, node: id } = node.place;
  const edit: Edit =
    mend.kind === "set"
      ? { kind: "set-params", graph, node: id, params: mend.params as Record<string, number> }
      : {
          kind: "insert",
          graph,
          edges: arrivals
            .filter(({ port }) => port === mend.port)
            .map(({ edge }) => edge)
            .filter((_, i) => mend.wire === undefined || i === mend.wire),
          node: { id: mend.type.replace(/[^A-Za-z0-9_-]/g, "-"), type: mend.type, params: (mend.params ?? {}) as Record<string, number> },
          input: "x",
          output: "y",
        };
  return { label: mend.label, edits: [edit] };
}

function receivedText(inputs: PortValues<TensorType>, port: string | undefined): string {
  const value = port === undefined ? Object.values(inputs).flat() : inputs[port];
  const types = (Array.isArray(value) ? value : [value]).filter((type): type is TensorType => type !== undefined);
  return types.map((type) => formatShape(type.shape)).join(" and ");
}

const keepsPositions = new Set(["activation", "normalisation", "arithmetic", "convolution", "sampling"]);

/**
 * Receptive fields chain as extent ← extent + (window − 1) · spread, spread ← spread · stride (UDL 10.2.4).
 * Layers that keep positions pass the largest of their inputs on; all others end the chain.
 */
function receptiveField(
  node: FlatNode,
  inputs: PortValues<TensorType>,
  outputs: Readonly<Record<string, TensorType>>,
  upstream: Upstream,
): Field | undefined {
  const rank = Object.values(outputs)[0]?.shape.length ?? 0;
  if (rank < 3) return undefined;
  const axes = rank - 2;
  if (node.layer.role === "source") return { extent: Array<number>(axes).fill(1), spread: Array<number>(axes).fill(1) };
  const windows = node.layer.window?.(node.params, inputs);
  if (!windows && !keepsPositions.has(node.layer.family)) return undefined;
  if (upstream.fields.length === 0) return undefined;
  const largest = (pick: (field: Upstream["fields"][number]) => number | undefined) => Math.max(...upstream.fields.map((field) => pick(field) ?? 1));
  const extent: number[] = [];
  const spread: number[] = [];
  for (let axis = 0; axis < axes; axis++) {
    const before = largest((field) => field.extent[axis]);
    const step = largest((field) => field.spread[axis]);
    const window = windows?.[axis] ?? { extent: 1, stride: 1 };
    extent.push(before + (window.extent - 1) * step);
    spread.push(step * window.stride);
  }
  return { extent, spread };
}
