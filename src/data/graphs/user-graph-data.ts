import type { Dataset, DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { slice } from "../select.ts";
import { meanAndDeviation } from "../signal.ts";
import { assemble } from "../source.ts";
import { featuresOf, figure, guessTarget, planTarget, scaleOf, spread, type TargetPlan, targetNames } from "../table.ts";
import { type DatasetRequest, type Outcome, refuse } from "../types.ts";
import { oneHot } from "./edges.ts";
import type { UserGraph } from "./user-graph.ts";

/** Nodes of which nothing is known are told apart by their number up to here; above, by how many neighbours they have. */
const mostOneHot = 1000;

type Values = Record<string, Float32Array | Int32Array>;
interface Plan {
  /** What is predicted of nodes; absent where nothing is known of any. */
  readonly target?: TargetPlan;
  /** Nodes of each part; without a target, all of them for training and for the test. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** Columns that can be predicted of nodes. */
export const targetsOf = ({ table }: UserGraph): readonly string[] => (table ? targetNames(table) : []);

/**
 * Facts on a user's graph with that column to predict (guessed if absent or empty). Classes give `label` `[nodes]`, with `mask` `[nodes]`; a
 * number gives `target` and `mask` `[nodes, 1]`.
 */
export function graphInfo(name: string, graph: UserGraph, target?: string): Outcome<{ readonly info: DatasetInfo }> {
  const planned = plan(graph, target);
  if (!planned.ok) return planned;
  const described = featuresFor(graph, planned.plan);
  return described.ok ? { ok: true, info: infoOf(name, graph, planned.plan, described.features) } : described;
}

/** The graph for training: it is the same in every split, only the masks differ. */
export async function loadGraph(graph: UserGraph, request: DatasetRequest): Promise<Outcome<{ readonly dataset: Dataset }>> {
  const planned = plan(graph, request.options?.target);
  if (!planned.ok) return planned;
  const described = featuresFor(graph, planned.plan);
  if (!described.ok) return described;
  const { target, train, validation, test } = planned.plan;
  const info = infoOf(request.name, graph, planned.plan, described.features);
  const { pairs, relation, weight } = graph.edges;
  const ports: Values = { x: described.features.values(), edges: pairs };
  if (relation) ports.relation = relation.kinds;
  if (weight) ports.weight = weight;
  // Of a node without a class the mask is 0: any class may stand there.
  if (target?.labels) ports.label = target.labels.map((label) => Math.max(0, label));
  else if (target) {
    ports.target = new Float32Array(graph.nodes);
    spread(target.target, ports.target, 0, 1, train);
  }
  const part = (nodes: Int32Array): SplitData => ({ count: 1, ports: target ? { ...ports, mask: maskOf(graph.nodes, nodes) } : ports });
  const none = (split: SplitData) => slice(split, 0, 0);
  const all = { train: part(train), test: test.length > 0 ? part(test) : none(part(test)) };
  const dataset = await assemble(info, all, request, "none");
  const drawn = target && validation.length === 0 && graph.parts === undefined ? drawValidation(train, request) : { train, validation };
  const heldOut = drawn.validation.length > 0;
  const splits = { ...dataset.splits, train: part(drawn.train), validation: heldOut ? part(drawn.validation) : dataset.splits.validation };
  return { ok: true, dataset: { ...dataset, info: { ...info, counts: { ...info.counts, validation: heldOut ? 1 : 0 } }, splits } };
}

/** Training nodes that become validation nodes, by the seed; at least one stays for training. */
function drawValidation(train: Int32Array, { validation, seed }: DatasetRequest): { train: Int32Array; validation: Int32Array } {
  const count = Math.max(0, Math.min(train.length - 1, Math.round(train.length * Math.min(0.5, Math.max(0, validation)))));
  const order = rng(seed, "validation").permutation(train.length);
  const pick = (places: Int32Array) => places.map((place) => train[place] as number);
  return { train: pick(order.slice(count)), validation: pick(order.slice(0, count)) };
}

function maskOf(count: number, nodes: Int32Array): Float32Array {
  const mask = new Float32Array(count);
  for (const node of nodes) mask[node] = 1;
  return mask;
}

function plan({ nodes, table, parts }: UserGraph, wanted?: string): Outcome<{ readonly plan: Plan }> {
  const all = Int32Array.from({ length: nodes }, (_, i) => i);
  const none = new Int32Array();
  if (table === undefined || (!wanted && guessTarget(table) === undefined)) {
    if (wanted) return refuse(`There is no column "${wanted}" to predict: without nodes.csv nothing is known of nodes.`);
    return { ok: true, plan: { train: all, validation: none, test: all } };
  }
  const planned = planTarget(table, wanted);
  if (!planned.ok) return planned;
  const target = planned.plan;
  if (parts === undefined) return { ok: true, plan: { target, train: target.train, validation: none, test: target.test } };
  const known = Int32Array.from([...target.train, ...target.test]).sort();
  const of = (part: number) => known.filter((node) => parts[node] === part);
  const [train = none, validation = none, test = none] = [of(0), of(1), of(2)];
  if (train.length === 0) return refuse(`"split" says train of no node that has a value in "${target.target.name}".`);
  return { ok: true, plan: { target: { ...target, train, test }, train, validation, test } };
}

/** What a node is known by: how many numbers, what they are, and how they come about. */
interface Features {
  readonly size: number;
  readonly about: string;
  readonly values: () => Float32Array;
}

function featuresFor({ nodes, edges, table }: UserGraph, { target, train }: Plan): Outcome<{ readonly features: Features }> {
  const read = table && target ? featuresOf(table, target.target) : undefined;
  if (read && !read.ok) return read;
  const { features = [], names = [] } = read?.features ?? {};
  if (names.length > 0) {
    const values = () => {
      const x = new Float32Array(nodes * names.length);
      let offset = 0;
      for (const feature of features) offset += spread(feature, x, offset, names.length, train);
      return x;
    };
    const list = `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
    return {
      ok: true,
      features: { size: names.length, values, about: `Nodes are known by ${list}; numbers have mean 0 and deviation 1 in training.` },
    };
  }
  if (nodes <= mostOneHot)
    return { ok: true, features: { size: nodes, values: () => oneHot(nodes), about: "A node's vector only says which it is." } };
  return {
    ok: true,
    features: {
      size: 2,
      values: () => degrees(nodes, edges.pairs),
      about: "A node's vector is 1 and how many neighbours it has (logarithm, mean 0, deviation 1).",
    },
  };
}

/** A constant, and log(1 + edges that arrive) with mean 0 and deviation 1: `[nodes, 2]`. */
function degrees(nodes: number, pairs: Int32Array): Float32Array {
  const counts = new Float64Array(nodes);
  for (let i = 1; i < pairs.length; i += 2) counts[pairs[i] as number] = (counts[pairs[i] as number] as number) + 1;
  const logs = counts.map(Math.log1p);
  const { mean, deviation } = meanAndDeviation(logs);
  const x = new Float32Array(2 * nodes);
  for (let node = 0; node < nodes; node++) {
    x[2 * node] = 1;
    x[2 * node + 1] = deviation > 0 ? ((logs[node] as number) - mean) / deviation : 0;
  }
  return x;
}

function infoOf(name: string, graph: UserGraph, { target, train, validation, test }: Plan, features: Features): DatasetInfo {
  const { nodes, edges } = graph;
  const count = edges.pairs.length / 2;
  const relation = edges.relation && { ...i32([count], edges.relation.names.length), names: edges.relation.names };
  const labels = target?.classes && { ...i32([nodes], target.classes.length), view: "label" as const, names: target.classes };
  const scale = target && !labels && target.target.kind === "number" ? scaleOf(target.target, train) : undefined;
  const about = [
    `Your own graph, ${nodes} nodes and ${count} edges, both ways counted.`,
    features.about,
    target === undefined ? "" : `Predicts "${target.target.name}", known in training of ${train.length} nodes and in the test of ${test.length}.`,
    scale === undefined ? "" : `The target is (${target?.target.name} − ${figure(scale.mean)}) / ${figure(scale.deviation)}.`,
  ];
  return {
    name,
    title: name,
    about: about.filter(Boolean).join(" "),
    ports: {
      x: { ...f32(nodes, features.size), view: "graph" },
      edges: { ...i32([count, 2], nodes), view: "graph" },
      ...(relation && { relation }),
      ...(edges.weight && { weight: f32(count, 1) }),
      ...(labels && { label: labels, mask: f32(nodes) }),
      ...(target && !labels && { target: f32(nodes, 1), mask: f32(nodes, 1) }),
    },
    counts: { train: 1, validation: validation.length > 0 ? 1 : 0, test: test.length > 0 ? 1 : 0 },
    ...(target && { uses: ["target"] as const }),
    whole: true,
  };
}
