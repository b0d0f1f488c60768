import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan, Target } from "../compiler/plan.ts";
import type { Gathered } from "../layers/contract.ts";
import { evaluationSeed, readGathered } from "./evaluation.ts";
import type { DataFeeds } from "./feeds.ts";
import type { ModelState } from "./state.ts";
import type { PreviewFrame } from "./types.ts";

/** The previews of a document as a plan. */
export interface PreviewPlan {
  readonly plan: Plan;
  readonly nodes: readonly PlannedPreview[];
  /** Examples that are run. */
  readonly examples: number;
}

interface PlannedPreview {
  readonly path: string;
  readonly kind: PreviewFrame["kind"];
  /** Of each port that is wired: where it stands among the plan's outputs, and how many examples of it are shown. */
  readonly ports: readonly { readonly port: string; readonly output: number; readonly examples: number }[];
}

/** Plans the previews; undefined if there are none. */
export function planPreviews(program: Program, paths: readonly string[]): PreviewPlan | undefined {
  const targets: Target[] = [];
  const nodes = paths.flatMap((path): PlannedPreview[] => {
    const index = program.checked.byPath.get(path) ?? -1;
    const node = program.checked.nodes[index];
    const arriving = program.checked.facts[index]?.inputs;
    const drawn = node?.layer.preview;
    if (!node || !drawn || !arriving?.x || !("shape" in arriving.x)) return [];
    const ports = Object.entries(arriving).flatMap(([port, type]) => {
      if (!type || !("shape" in type)) return [];
      const examples = type.shape[0] === "batch" ? drawn.examples : Number.POSITIVE_INFINITY;
      return [{ port, output: targets.push({ path, port }) - 1, examples }];
    });
    return [{ path, kind: arriving.x.shape.length === 0 ? "scalar" : drawn.kind, ports }];
  });
  if (nodes.length === 0) return undefined;
  // Of graphs in a batch all nodes and edges are shown, but of so many examples.
  const shown = nodes.map(({ path }) => program.checked.nodes[program.checked.byPath.get(path) ?? -1]?.layer.preview?.examples ?? 1);
  return { plan: program.plan(targets), nodes, examples: Math.max(1, ...shown) };
}

/** Runs the previews on examples that stay the same, in evaluation mode, and reads what they show. */
export async function readPreviews(previews: PreviewPlan, data: DataFeeds, state: ModelState, seed: number): Promise<PreviewFrame[]> {
  const { plan, nodes, examples } = previews;
  const { step, weights } = state;
  const limits = new Map(nodes.flatMap(({ ports }) => ports.map(({ output, examples: limit }) => [output, limit] as const)));
  const outputs = tf.tidy(() => {
    const fed = data.sample(plan.feeds, examples);
    const results = plan.run({ ...fed, weights, training: false, step: 0, reached: step, seed: evaluationSeed(seed) }).outputs;
    return results.map((result, i) => {
      const limit = limits.get(i) ?? Number.POSITIVE_INFINITY;
      return result.rank > 0 && (result.shape[0] ?? 0) > limit ? tf.slice(result, 0, limit) : result;
    });
  });
  try {
    const read: readonly Gathered[] = await Promise.all(outputs.map(readGathered));
    return nodes.map(({ path, kind, ports }) => {
      const shown = Object.fromEntries(ports.map(({ port, output }) => [port, read[output] as Gathered]));
      return { node: path, step, kind, ports: { ...shown, x: shown.x as Gathered } };
    });
  } finally {
    tf.dispose(outputs);
  }
}
