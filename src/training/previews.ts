import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan, Target } from "../compiler/plan.ts";
import { evaluationSeed } from "./evaluation.ts";
import type { DataFeeds } from "./feeds.ts";
import type { ModelState } from "./state.ts";
import type { PreviewFrame } from "./types.ts";

/** Examples that each kind of preview shows at most. */
const shown = { images: 36, scatter: 512, curve: 16, scalar: 1 } as const satisfies Record<PreviewFrame["kind"], number>;

/** The previews of a document as a plan: for each node where its tensor and its labels stand among the outputs. */
export interface PreviewPlan {
  readonly plan: Plan;
  readonly nodes: readonly { readonly path: string; readonly kind: PreviewFrame["kind"]; readonly values: number; readonly labels?: number }[];
  /** Examples that are run. */
  readonly examples: number;
}

/** Plans the previews; undefined if there are none. */
export function planPreviews(program: Program, paths: readonly string[]): PreviewPlan | undefined {
  const targets: Target[] = [];
  const nodes = paths.flatMap((path) => {
    const index = program.checked.byPath.get(path);
    const node = index === undefined ? undefined : program.checked.nodes[index];
    const arriving = index === undefined ? undefined : program.checked.facts[index]?.inputs.x;
    if (!node || !arriving || !("shape" in arriving)) return [];
    const kind = arriving.shape.length === 0 ? "scalar" : kindOf(node.layer.type);
    const values = targets.push({ path, port: "x" }) - 1;
    if ((node.inputs.label ?? []).length === 0) return [{ path, kind, values }];
    return [{ path, kind, values, labels: targets.push({ path, port: "label" }) - 1 }];
  });
  if (nodes.length === 0) return undefined;
  return { plan: program.plan(targets), nodes, examples: Math.max(...nodes.map(({ kind }) => shown[kind])) };
}

/** A preview's type says how it draws: `preview.images`. */
function kindOf(type: string): PreviewFrame["kind"] {
  const kind = type.slice(type.indexOf(".") + 1);
  return kind === "images" || kind === "scatter" ? kind : "curve";
}

/** Runs the previews on examples that stay the same, in evaluation mode, and reads what they show. */
export async function readPreviews(previews: PreviewPlan, data: DataFeeds, state: ModelState, seed: number): Promise<PreviewFrame[]> {
  const { plan, nodes, examples } = previews;
  const { step, weights } = state;
  const outputs = tf.tidy(() => {
    const fed = data.sample(plan.feeds, examples);
    const results = plan.run({ ...fed, weights, training: false, step: 0, seed: evaluationSeed(seed) }).outputs;
    return results.map((result, i) => {
      const limit = shown[nodes.find(({ values, labels }) => values === i || labels === i)?.kind ?? "scalar"];
      return result.rank > 0 && (result.shape[0] ?? 0) > limit ? tf.slice(result, 0, limit) : result;
    });
  });
  try {
    return await Promise.all(
      nodes.map(async ({ path, kind, values, labels }) => {
        const tensor = outputs[values] as tf.Tensor;
        const frame = { node: path, step, kind, shape: tensor.shape, values: Float32Array.from(await tensor.data()) };
        const classes = labels === undefined ? undefined : outputs[labels];
        return classes === undefined ? frame : { ...frame, labels: Int32Array.from(await classes.data()) };
      }),
    );
  } finally {
    tf.dispose(outputs);
  }
}
