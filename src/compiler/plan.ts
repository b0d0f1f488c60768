import type { Tensor } from "@tensorflow/tfjs-core";
import type { Checked, FlatNode, Source } from "../graph/types.ts";
import type { ApplyContext, Port, PortValues, TensorRng } from "../layers/contract.ts";
import type { TensorType } from "../tensor/types.ts";
import { NodeFailure } from "./failure.ts";
import { runPlan } from "./run.ts";

/** A tensor that is wanted: an output port of a node, or what arrives at an input port (of an output, a preview). */
export interface Target {
  readonly path: string;
  readonly port: string;
}

/** A tensor that a run is given: an output port of a node that computes nothing (data set, input). */
export interface Feed {
  /** `"path.port"`. */
  readonly key: string;
  readonly path: string;
  readonly port: string;
  readonly type: TensorType;
}

/** A single number that follows the steps of the run: an output of a node with a schedule. */
export interface Scheduled {
  /** `"path.port"`. */
  readonly key: string;
  /** Its value when so many steps have been taken. */
  at(step: number): number;
}

/** Input port → one slot, several of a `many` port, or nothing where an optional port is open. */
export interface InputBinding {
  readonly port: string;
  readonly slots: readonly number[];
  readonly many: boolean;
}

/** One node of a plan: which slots it reads and writes. */
export interface Step {
  readonly node: FlatNode;
  readonly inputs: readonly InputBinding[];
  readonly weights: readonly { readonly weight: string; readonly variable: number }[];
  /** Outputs that something needs; the others are dropped at once. */
  readonly outputs: readonly { readonly port: string; readonly slot: number }[];
  /** Slots whose last reader is this step, targets not among them. */
  readonly release: readonly number[];
}

export interface RunArguments {
  /** Tensor by feed key; more than the plan needs may be there. Scheduled numbers may be among them. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** Steps that the run has taken, for scheduled numbers that are not fed; absent: the schedules are over, as in a network that is finished. */
  readonly reached?: number;
  /** One tensor for each of the program's variables; only those of the plan are read. */
  readonly weights: readonly Tensor[];
  readonly training: boolean;
  readonly step: number;
  readonly seed: number;
  /** Examples in this batch. */
  readonly batch: number;
  /** Where a node's random numbers come from; by default from (seed, path, step). */
  readonly draws?: (path: string) => TensorRng;
  /** Told when a layer asks which step this is. */
  readonly onStepRead?: () => void;
  /** Runs a node in place of its layer's own `apply`. */
  readonly apply?: (step: Step, x: PortValues<Tensor>, w: Readonly<Record<string, Tensor>>, ctx: ApplyContext) => Readonly<Record<string, Tensor>>;
  /** Sees the outputs of each node as soon as they are computed; they are only lent. */
  readonly inspect?: (node: FlatNode, outputs: Readonly<Record<string, Tensor>>) => void;
}

export interface RunResult {
  /** One tensor for each target. */
  readonly outputs: Tensor[];
  /** Next values of weights that no optimiser moves (running averages), by index into `program.variables`. */
  readonly updates: ReadonlyMap<number, Tensor>;
}

/**
 * Steps over slots: a run fills an array from front to back and looks nothing up by name.
 *
 * Ownership. Feeds and weights belong to the caller and are only read. Outputs and updates are new tensors and belong to
 * the caller; outputs are tracked by the caller's tidy, if there is one, updates never are: the caller disposes of them.
 * A target that is itself a feed or a weight is returned as a copy that shares its data. Everything between is disposed of
 * after its last reader, unless a gradient tape is on: then it lives until the tape's own scope ends.
 */
export interface Plan {
  readonly targets: readonly Target[];
  readonly feeds: readonly Feed[];
  /** Numbers that follow the run's steps. */
  readonly schedules: readonly Scheduled[];
  /** Indices of the variables that the targets depend on. */
  readonly variables: readonly number[];
  readonly steps: readonly Step[];
  /**
   * Computes the targets.
   * @throws NodeFailure naming the node that could not run, or the feed that is missing.
   */
  run(args: RunArguments): RunResult;
}

/** Chooses the nodes that the targets need and gives each of their tensors a slot. */
export function createPlan(checked: Checked, variableIndex: ReadonlyMap<string, number>, targets: readonly Target[]): Plan {
  const sources = targets.map((target) => sourceOf(checked, target));
  const needed = neededNodes(checked, sources);
  const slots = new Map<string, number>();
  const slotOf = (node: number, port: string): number => {
    const key = `${node}.${port}`;
    const known = slots.get(key);
    if (known !== undefined) return known;
    slots.set(key, slots.size);
    return slots.size - 1;
  };
  const feeds: (Feed & { readonly slot: number })[] = [];
  const schedules: (Scheduled & { readonly slot: number })[] = [];
  const feedSlots = new Set<number>();
  const drafts: Omit<Step, "release">[] = [];
  const variables = new Set<number>();
  const outputSlots = sources.map((source) => slotOf(source.node, source.port));

  for (const i of needed) {
    for (const wires of Object.values(node(checked, i).inputs)) for (const wire of wires) slotOf(wire.node, wire.port);
  }
  for (const i of needed) {
    const flat = node(checked, i);
    const facts = checked.facts[i];
    if (facts === undefined) throw new NodeFailure(flat.path, "it has a problem, or something before it has. Mend that first.");
    const wanted = flat.outputs.flatMap((port) => {
      const slot = slots.get(`${i}.${port}`);
      return slot === undefined ? [] : [{ port, slot }];
    });
    if (flat.layer.apply === undefined) {
      for (const { port, slot } of wanted) {
        const type = facts.outputs[port];
        if (type === undefined) throw new NodeFailure(flat.path, `nothing is known about its output "${port}".`);
        const key = `${flat.path}.${port}`;
        const { layer, params } = flat;
        if (layer.schedule) schedules.push({ key, slot, at: (step) => layer.schedule?.(params, step) ?? 0 });
        else feeds.push({ key, path: flat.path, port, type, slot });
        feedSlots.add(slot);
      }
      continue;
    }
    const weights = Object.keys(facts.weights).flatMap((weight) => {
      const variable = variableIndex.get(`${flat.weightKey}/${weight}`);
      return variable === undefined ? [] : [{ weight, variable }];
    });
    for (const { variable } of weights) variables.add(variable);
    const inputs = Object.entries<Port>(flat.layer.inputs).map(([port, { many }]) => ({
      port,
      slots: (flat.inputs[port] ?? []).map((wire) => slotOf(wire.node, wire.port)),
      many: many === true,
    }));
    drafts.push({ node: flat, inputs, weights, outputs: wanted });
  }

  const steps = withReleases(drafts, new Set([...outputSlots, ...feedSlots]));
  const outputs = outputSlots.map((slot, i) => ({ slot, copy: feedSlots.has(slot) || outputSlots.indexOf(slot) !== i }));
  const differentiates = steps.some((step) => step.node.layer.differentiates !== undefined);
  const layout = { slotCount: slots.size, feeds, schedules, steps, outputs, differentiates };
  return { targets, feeds, schedules, variables: [...variables].sort((a, b) => a - b), steps, run: (args) => runPlan(layout, args) };
}

function node(checked: Checked, index: number): FlatNode {
  const flat = checked.nodes[index];
  if (flat === undefined) throw new Error(`There is no node ${index} in the checked graph.`);
  return flat;
}

function sourceOf(checked: Checked, { path, port }: Target): Source {
  const index = checked.byPath.get(path);
  if (index === undefined) throw new NodeFailure(path, "there is no such node.");
  const flat = node(checked, index);
  if (flat.outputs.includes(port)) return { node: index, port };
  const wire = flat.inputs[port]?.[0];
  if (wire === undefined) throw new NodeFailure(path, `it has no port "${port}" that carries a tensor.`);
  return wire;
}

/** Indices of the nodes behind the sources, in the order of the checked graph. */
function neededNodes(checked: Checked, sources: readonly Source[]): number[] {
  const seen = new Set<number>();
  const open = sources.map((source) => source.node);
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    if (seen.has(i)) continue;
    seen.add(i);
    const flat = node(checked, i);
    if (flat.layer.apply !== undefined) for (const wires of Object.values(flat.inputs)) for (const wire of wires) open.push(wire.node);
  }
  return [...seen].sort((a, b) => a - b);
}

/** Finds the last reader of every slot. */
function withReleases(drafts: readonly Omit<Step, "release">[], held: ReadonlySet<number>): Step[] {
  const seen = new Set(held);
  const steps: Step[] = [];
  for (let i = drafts.length - 1; i >= 0; i--) {
    const draft = drafts[i] as Omit<Step, "release">;
    const release: number[] = [];
    for (const { slots } of draft.inputs) {
      for (const slot of slots) {
        if (seen.has(slot)) continue;
        seen.add(slot);
        release.push(slot);
      }
    }
    steps[i] = { ...draft, release };
  }
  return steps;
}
