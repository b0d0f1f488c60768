import type { Average, Constraint, NetloomDocument, Optimiser, Phase, Schedule } from "../document/schema.ts";
import { datasetOptions } from "../layers/data/dataset.ts";
import type { DatasetOptions } from "../tensor/dataset.ts";
import { averageFaults } from "./averages.ts";
import { constraintFaults } from "./constraint-faults.ts";
import { isWithin } from "./names.ts";
import { stageFaults } from "./stage-faults.ts";
import type { Checked, FlatNode, NodeFacts, Problem } from "./types.ts";

/** How a document is trained, with every default filled in. Nodes are named by flat path. */
export interface TrainingPlan {
  readonly seed: number;
  /** Examples a step. */
  readonly batch: number;
  readonly phases: readonly PlannedPhase[];
  /** Weights under `to` follow those under `of`. */
  readonly averages: readonly Average[];
  /** Losses, and the sums of losses that are minimised. */
  readonly losses: readonly Target[];
  /** The port is empty for a metric that is computed over a whole split (`Layer.over`). */
  readonly metrics: readonly Target[];
  readonly previews: readonly string[];
  readonly datasets: readonly PlannedDataset[];
  /** Whichever comes first; at least one is set. */
  readonly stop: { readonly steps?: number; readonly epochs?: number };
  readonly evaluateEvery?: number;
  readonly checkpointEvery?: number;
  /** Activations are computed again on the way back instead of being kept. */
  readonly recompute: boolean;
}
export interface Target {
  readonly path: string;
  readonly port: string;
}
export interface PlannedPhase {
  readonly name: string;
  readonly minimise: Target;
  /** Prefixes of weight keys that this phase moves; all that the scalar depends on if absent. */
  readonly update?: readonly string[];
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly clipNorm?: number;
  readonly constrain?: readonly Constraint[];
  /** Steps in turn. */
  readonly steps: number;
  /** Steps of the run: where it begins to take turns, and where it has ended; over the whole run if absent. */
  readonly begin?: number;
  readonly end?: number;
}
export interface PlannedDataset {
  readonly path: string;
  readonly name: string;
  readonly options: DatasetOptions;
  readonly validation: number;
}
export type PlanResult = { readonly ok: true; readonly plan: TrainingPlan } | { readonly ok: false; readonly problems: readonly Problem[] };

export const trainingDefaults = {
  seed: 1,
  batch: 32,
  stop: { steps: 2000 },
  optimiser: { type: "adam", rate: 0.001 },
  schedule: { type: "constant" },
} as const satisfies { seed: number; batch: number; stop: { steps: number }; optimiser: Optimiser; schedule: Schedule };

type FlatFacts = Pick<Checked, "nodes" | "facts" | "byPath">;

/** The plan of a checked document, or why it cannot be trained. */
export function trainingPlan(document: NetloomDocument, checked: FlatFacts): PlanResult {
  const problems: Problem[] = [];
  const phases = planPhases(document, checked, problems);
  const averages = document.training?.averages ?? [];
  for (const { code, message } of averageFaults(averages, checked, phases)) problems.push({ severity: "error", code, message, place: { graph: "" } });
  const datasets = plannedDatasets(checked);
  if (problems.length > 0) return { ok: false, problems };
  const { seed, batch, stop, evaluateEvery, checkpointEvery, recompute } = document.training ?? {};
  const withRole = (role: string) => checked.nodes.filter((node) => node.layer.role === role);
  return {
    ok: true,
    plan: {
      seed: seed ?? trainingDefaults.seed,
      batch: batch ?? trainingDefaults.batch,
      phases,
      averages,
      losses: unique([...withRole("loss").map(asTarget), ...phases.map((phase) => phase.minimise)]),
      metrics: withRole("metric").map(asTarget),
      previews: withRole("preview").map((node) => node.path),
      datasets,
      stop: stop?.steps === undefined && stop?.epochs === undefined ? trainingDefaults.stop : stop,
      recompute: recompute ?? false,
      ...(evaluateEvery !== undefined && { evaluateEvery }),
      ...(checkpointEvery !== undefined && { checkpointEvery }),
    },
  };
}

/** What the checker lists: faults in the phases of documents that mean to be trained. A drawing without losses is fine. */
export function trainingProblems(document: NetloomDocument, checked: FlatFacts): readonly Problem[] {
  const meant = (document.training?.phases?.length ?? 0) > 0 || checked.nodes.some((node) => node.layer.role === "loss");
  const known = checked.facts.every((fact) => fact !== undefined);
  if (!meant || !known) return [];
  const result = trainingPlan(document, checked);
  return result.ok ? [] : result.problems;
}

const asTarget = (node: FlatNode): Target => ({ path: node.path, port: node.outputs[0] ?? "" });
const unique = (targets: readonly Target[]): Target[] =>
  targets.filter((target, i) => targets.findIndex(({ path, port }) => path === target.path && port === target.port) === i);
/** The data sets that a checked document asks for. */
export const plannedDatasets = ({ nodes }: Pick<Checked, "nodes">): readonly PlannedDataset[] =>
  nodes.filter((node) => node.layer.type === "dataset").map(plannedDataset);
const plannedDataset = ({ path, params }: FlatNode): PlannedDataset => ({
  path,
  name: String(params.name ?? ""),
  options: datasetOptions(params),
  validation: Number(params.validation ?? 0),
});

function planPhases(document: NetloomDocument, checked: FlatFacts, problems: Problem[]): PlannedPhase[] {
  const fault = (code: string, message: string, node?: string, expected?: string) =>
    problems.push({
      severity: "error",
      code,
      message,
      place: node === undefined ? { graph: "" } : { graph: "", node },
      ...(expected && { expected }),
    });
  const given = document.training?.phases ?? [];
  if (given.length === 0) {
    const ends = finalLosses(checked);
    const [only] = ends;
    if (only && ends.length === 1)
      return [planned({ minimise: only.path, optimiser: trainingDefaults.optimiser }, asTarget(only), 0)].filter((phase) => reaches(phase));
    if (ends.length === 0) fault("no-loss", "There is nothing to minimise: add a loss and wire it, then train.");
    else
      fault(
        "several-losses",
        `There are several losses (${ends.map((node) => node.path).join(", ")}): add them up, or name one in the training settings.`,
      );
    return [];
  }
  const phases: PlannedPhase[] = [];
  for (const [i, phase] of given.entries()) {
    const [path = "", port] = phase.minimise.split(".");
    const node = checked.nodes[checked.byPath.get(path) ?? -1];
    const facts = checked.facts[checked.byPath.get(path) ?? -1];
    if (!node) {
      fault(
        "unknown-target",
        `Phase ${i + 1} minimises "${phase.minimise}", but there is no such node.`,
        undefined,
        finalLosses(checked)
          .map((loss) => loss.path)
          .join(", "),
      );
      continue;
    }
    const scalar = node.outputs.find((name) => (port === undefined || name === port) && facts?.outputs[name]?.shape.length === 0);
    if (facts && scalar === undefined) {
      fault("not-a-scalar", `Phase ${i + 1} minimises ${phase.minimise}, which is not a single number. Minimise a loss.`, path.split("/")[0]);
      continue;
    }
    const target = planned(phase, { path, port: scalar ?? port ?? "" }, i);
    if (reaches(target)) phases.push(target);
  }
  if (phases.length === given.length) for (const { code, message } of stageFaults(phases, document.training?.stop)) fault(code, message);
  return phases;

  function reaches(phase: PlannedPhase): boolean {
    const index = checked.byPath.get(phase.minimise.path) ?? -1;
    const averaged = document.training?.averages?.map(({ to }) => to) ?? [];
    const keys = new Set([...weightsBehind(index, checked)].filter((key) => !averaged.some((name) => isWithin(key, name))));
    const node = phase.minimise.path.split("/")[0];
    // What sets its own weights needs no gradient: a phase may be there for its sake alone.
    if (keys.size === 0 && nodesBehind(index, checked).some((at) => checked.nodes[at]?.layer.fitsItself)) return true;
    if (keys.size === 0) {
      fault("loss-not-reachable", `${phase.minimise.path} depends on no weights, so nothing can be learned: wire the network's output to it.`, node);
      return false;
    }
    for (const name of phase.update ?? []) {
      if (![...keys].some((key) => isWithin(key, name))) {
        fault(
          "unknown-update",
          `${phase.name} updates "${name}", but ${phase.minimise.path} depends on no weights of that name.`,
          node,
          [...new Set([...keys].map((key) => key.split("/")[0]))].join(", "),
        );
        return false;
      }
    }
    for (const { code, message } of constraintFaults(phase, keys, checked)) fault(code, message, node);
    return true;
  }
}

const planned = (phase: Phase, minimise: Target, index: number): PlannedPhase => ({
  name: phase.name ?? `Phase ${index + 1}`,
  minimise,
  ...(phase.update && { update: phase.update }),
  optimiser: phase.optimiser,
  schedule: phase.schedule ?? trainingDefaults.schedule,
  ...(phase.clipNorm !== undefined && { clipNorm: phase.clipNorm }),
  ...(phase.constrain && { constrain: phase.constrain }),
  steps: phase.steps ?? 1,
  ...(phase.begin !== undefined && { begin: phase.begin }),
  ...(phase.end !== undefined && { end: phase.end }),
});

/** Scalars that come of losses and go on to no further scalar: a loss, or a sum of losses. */
function finalLosses({ nodes, facts }: FlatFacts): FlatNode[] {
  const scalar = nodes.map(
    (node, i) => node.layer.role !== "metric" && Object.values(facts[i]?.outputs ?? {}).some((type) => type.shape.length === 0),
  );
  const fromLoss = nodes.map((node) => node.layer.role === "loss");
  const goesOn = new Set<number>();
  for (const [i, node] of nodes.entries()) {
    for (const { node: source } of Object.values(node.inputs).flat()) {
      if (!fromLoss[source] || !scalar[i]) continue;
      fromLoss[i] = true;
      goesOn.add(source);
    }
  }
  return nodes.filter((_, i) => scalar[i] && fromLoss[i] && !goesOn.has(i));
}

/** Weight keys of the trainable nodes that a node's value depends on. @param index among the checked graph's nodes */
export function weightsBehind(
  index: number,
  { nodes, facts }: { nodes: readonly FlatNode[]; facts: readonly (NodeFacts | undefined)[] },
): Set<string> {
  const learned = nodesBehind(index, { nodes }).filter((at) => Object.values(facts[at]?.weights ?? {}).some((spec) => spec.trainable !== false));
  return new Set(learned.flatMap((at) => nodes[at]?.weightKey ?? []));
}

/** A node and all that its value depends on, as indices. */
function nodesBehind(index: number, { nodes }: { readonly nodes: readonly FlatNode[] }): number[] {
  const seen = new Set<number>([index]);
  // A set gives what is added to it while one walks it.
  for (const at of seen) for (const { node: source } of Object.values(nodes[at]?.inputs ?? {}).flat()) seen.add(source);
  return [...seen].filter((at) => nodes[at] !== undefined);
}
