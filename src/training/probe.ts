import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan, Target } from "../compiler/plan.ts";
import type { FlatNode } from "../graph/types.ts";
import { elementsPerExample } from "../tensor/types.ts";
import { type DataFeeds, type Fed, type RawFeed, upload } from "./feeds.ts";
import type { Phase } from "./phases.ts";
import type { ModelState } from "./state.ts";
import { gradientsOf } from "./step.ts";
import { turnAt } from "./turns.ts";
import type { Histogram, ProbeFrame } from "./types.ts";

/** What a probe looks at. Nothing of it is altered: the step is computed once more, as it is written, beside the compiled one. */
export interface Probed {
  readonly program: Program;
  readonly phases: readonly Phase[];
  readonly data: Pick<DataFeeds, "trainingValues" | "batch">;
  readonly state: ModelState;
  readonly seed: number;
}

/** Bytes that activations and what belongs to them may take: of a large batch, only the first examples are looked at. */
const mostBytes = 256 * 2 ** 20;
/** Values that a histogram is made of: evenly spaced ones of larger tensors. */
const mostValues = 2 ** 17;
const bins = 32;

/**
 * Histograms of a node's first output for the batch of the next step, and of the gradient of what is minimised by that output.
 * @returns undefined if there is no such node, or its output is nothing that can be drawn
 */
export async function probe(probed: Probed, path: string): Promise<ProbeFrame | undefined> {
  const { program, state } = probed;
  const node = program.checked.nodes[program.checked.byPath.get(path) ?? -1];
  const port = node?.outputs[0];
  if (!node || port === undefined || port === "") return undefined;
  const { step } = state;
  const { plan, differentiates } = planFor(probed, { path, port });
  const seen: Seen = {};
  try {
    const examples = tf.tidy(() => {
      const fed = firstExamples(probed, plan);
      lookAt(probed, { plan, differentiates, target: { path, port } }, fed, seen);
      return fed.batch;
    });
    if (!seen.output) return undefined;
    const [values, slopes] = await Promise.all([seen.output.data(), seen.gradient?.data()]);
    return { node: path, port, step, examples, activations: histogramOf(values), ...(slopes && { gradient: histogramOf(slopes) }) };
  } finally {
    tf.dispose([seen.output, seen.gradient].filter((tensor) => tensor !== undefined));
  }
}

/** The objective of the phase whose turn it is, else of another that depends on the output; the output alone if none does. */
function planFor({ program, phases, state }: Probed, target: Target): { readonly plan: Plan; readonly differentiates: boolean } {
  const turn = turnAt(
    phases.map(({ planned }) => planned),
    state.step,
  );
  const inTurn = [...phases.slice(turn.phase), ...phases.slice(0, turn.phase)];
  const plan = inTurn.map(({ planned }) => program.plan([planned.minimise])).find((one) => computes(one, target));
  return plan ? { plan, differentiates: true } : { plan: program.plan([target]), differentiates: false };
}

const computes = ({ steps, feeds }: Plan, { path, port }: Target): boolean =>
  steps.some(({ node, outputs }) => node.path === path && outputs.some((output) => output.port === port)) ||
  feeds.some((feed) => feed.path === path && feed.port === port);

/** The next step's batch, or as much of its beginning as there is room for. The caller's tidy owns the tensors. */
function firstExamples({ program, data, state }: Probed, plan: Plan): Fed {
  const raw = data.trainingValues(plan.feeds, state.step);
  // Each output, what its gradient needs of it, and the gradient.
  const perExample = 3 * 4 * Math.max(1, program.checked.totals.activations);
  const examples = Math.max(1, Math.min(data.batch, Math.floor(mostBytes / perExample)));
  const cut = (feed: RawFeed, i: number): RawFeed => {
    const type = plan.feeds[i]?.type;
    if (type?.shape[0] !== "batch") return feed;
    return { ...feed, values: feed.values.subarray(0, examples * elementsPerExample(type.shape)), shape: [examples, ...feed.shape.slice(1)] };
  };
  return upload(examples < data.batch ? raw.map(cut) : raw, examples);
}

/** Samples of what was looked at, kept: whoever asked disposes of them. */
interface Seen {
  output?: tf.Tensor;
  gradient?: tf.Tensor;
}

interface Look {
  readonly plan: Plan;
  readonly differentiates: boolean;
  readonly target: Target;
}

/** Runs the network and takes samples. Gradients go only as far as the output. Call it inside a tidy. */
function lookAt({ state, seed }: Probed, { plan, differentiates, target: { path, port } }: Look, fed: Fed, seen: Seen): void {
  const given = fed.feeds[`${path}.${port}`];
  // tfjs asks for one tensor at least before the network has run.
  const watched: tf.Tensor[] = [given?.dtype === "float32" ? given : tf.scalar(0)];
  if (given) seen.output = tf.keep(sampled(given));
  const inspect = (node: FlatNode, outputs: Readonly<Record<string, tf.Tensor>>) => {
    const found = node.path === path ? outputs[port] : undefined;
    if (!found) return;
    seen.output = tf.keep(sampled(found));
    if (found.dtype === "float32") watched.push(found);
  };
  const run = () => {
    const { outputs, updates } = plan.run({ ...fed, weights: state.weights, training: true, step: state.step, reached: state.step, seed, inspect });
    tf.dispose([...updates.values()]);
    return outputs[0] as tf.Tensor;
  };
  if (!differentiates) run();
  else {
    const gradient = gradientsOf(run, watched).at(-1);
    if (gradient) seen.gradient = tf.keep(sampled(gradient));
  }
}

/** A tensor's values, or evenly spaced ones of them. */
function sampled(tensor: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(tensor, [tensor.size]);
  const stride = Math.ceil(tensor.size / mostValues);
  return stride <= 1 ? tf.clone(flat) : tf.stridedSlice(flat as tf.Tensor1D, [0], [tensor.size], [stride]);
}

/** How values are spread: 32 equal bins from the smallest to the largest finite one. Exact zeros (of a ReLU, say) are told apart: they would dwarf the rest. */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [low, high, sum, squares, zeros, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value)) continue;
    finite++;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    squares += value * value;
    if (value === 0) zeros++;
  }
  const counts = new Array<number>(bins).fill(0);
  if (finite === 0) return { low: 0, high: 0, counts, mean: Number.NaN, deviation: Number.NaN, zeros: 0, finite: 0 };
  const width = (high - low) / bins;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value) || value === 0) continue;
    const bin = width > 0 ? Math.min(bins - 1, Math.floor((value - low) / width)) : 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const mean = sum / finite;
  const deviation = Math.sqrt(Math.max(0, squares / finite - mean * mean));
  // A negative zero is shown as 0.
  return { low: low + 0, high: high + 0, counts, mean, deviation, zeros: zeros / finite, finite: finite / values.length };
}
