import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan, Target } from "../compiler/plan.ts";
import type { FlatNode } from "../graph/types.ts";
import type { Gathered } from "../layers/contract.ts";
import type { Split } from "../tensor/dataset.ts";
import type { DataFeeds } from "./feeds.ts";
import { breathe } from "./pacing.ts";
import type { ModelState } from "./state.ts";

/** Random draws in evaluation come from streams of their own, the same at every evaluation, so that curves can be compared. */
export const evaluationSeed = (seed: number): number => (seed ^ 0x5eed) >>> 0;

export interface EvaluationOptions {
  /** Only the first so many examples. */
  readonly limit?: number;
  /** Asked between batches: true ends the evaluation without a result. */
  readonly abandon?: () => boolean;
}

/** Milliseconds until the rest of the thread gets its turn. */
const longest = 40;

/** The losses and metrics of a document as a plan. */
export interface FigurePlan {
  readonly plan: Plan;
  readonly figures: readonly Figure[];
}

/** A loss or metric: a mean over examples, a function of means, or one of all that arrives over a split. */
interface Figure {
  readonly path: string;
  readonly node: FlatNode;
  /** Where it stands among the plan's outputs; where each of its ports does, if it is computed over the whole split. */
  readonly mean?: number;
  /** Where the mask stands whose sum is the weight of a batch. */
  readonly mask?: number;
  readonly ports?: Readonly<Record<string, number>>;
}

/** Plans losses and metrics; undefined if there are none. */
export function planFigures(program: Program, wanted: readonly Target[]): FigurePlan | undefined {
  const targets: Target[] = [];
  const add = (target: Target) => targets.push(target) - 1;
  const figures = wanted.flatMap((target): Figure[] => {
    const node = program.checked.nodes[program.checked.byPath.get(target.path) ?? -1];
    if (!node) return [];
    if (!node.layer.over) {
      const port = node.layer.weighedBy;
      const masked = port !== undefined && (node.inputs[port] ?? []).length > 0;
      return [{ path: target.path, node, mean: add(target), ...(masked && { mask: add({ path: target.path, port }) }) }];
    }
    const wired = Object.keys(node.inputs).filter((port) => (node.inputs[port] ?? []).length > 0);
    return [{ path: target.path, node, ports: Object.fromEntries(wired.map((port) => [port, add({ path: target.path, port })])) }];
  });
  return figures.length === 0 ? undefined : { plan: program.plan(targets), figures };
}

/**
 * Losses and metrics over a split, batch by batch, means weighted by what a mask counts in each batch, else by its examples. Means stay on the device until the end;
 * what whole-split metrics need is read batch by batch. Long evaluations let messages have their turn; nothing may train meanwhile.
 * @returns a value for each figure by path; undefined if the split is empty or the evaluation was abandoned
 */
export async function evaluateFigures(
  { plan, figures }: FigurePlan,
  data: DataFeeds,
  state: ModelState,
  seed: number,
  split: Split,
  { limit, abandon }: EvaluationOptions,
): Promise<Readonly<Record<string, number>> | undefined> {
  const batches = data.evaluations(split, limit);
  if (batches === 0) return undefined;
  const averaged = figures.flatMap(({ mean, mask }) => (mean === undefined ? [] : [{ mean, mask }]));
  const gathering = [...new Set(figures.flatMap(({ ports = {} }) => Object.values(ports)))];
  const pieces = new Map<number, Gathered[]>(gathering.map((index) => [index, []]));
  let sizes: readonly number[] = [];
  let total: tf.Tensor | undefined;
  let rested = performance.now();
  try {
    for (let i = 0; i < batches; i++) {
      const [sum, ...arrived] = tf.tidy(() => {
        const fed = data.evaluation(plan.feeds, split, i, limit);
        const weight = fed.weight ?? fed.batch;
        const { outputs } = plan.run({ ...fed, weights: state.weights, training: false, step: i, reached: state.step, seed: evaluationSeed(seed) });
        const values = averaged.map(({ mean }) => outputs[mean] as tf.Tensor);
        sizes = values.map(({ size }) => size);
        // Of each figure its values times the batch's weight, and then that weight.
        const parts = averaged.flatMap(({ mask }, at) => {
          const counted = mask === undefined ? tf.scalar(weight) : tf.sum(tf.cast(outputs[mask] as tf.Tensor, "float32"));
          return [tf.mul(tf.reshape(values[at] as tf.Tensor, [-1]), counted), tf.reshape(counted, [1])];
        });
        const weighted = parts.length === 0 ? tf.zeros([0]) : tf.concat(parts);
        return [total ? tf.add(total, weighted) : weighted, ...gathering.map((index) => outputs[index] as tf.Tensor)];
      });
      total?.dispose();
      total = sum;
      try {
        for (const [at, index] of gathering.entries()) pieces.get(index)?.push(await readGathered(arrived[at] as tf.Tensor));
      } finally {
        tf.dispose(arrived);
      }
      if (performance.now() - rested < longest) continue;
      await breathe();
      if (abandon?.()) return undefined;
      rested = performance.now();
    }
    const sums = (await total?.data<"float32">()) ?? new Float32Array();
    let at = 0;
    const meanOf = new Map(
      averaged.map(({ mean }, i) => {
        const figure = sums.subarray(at, (at += (sizes[i] ?? 1) + 1));
        const weight = figure.at(-1) ?? 0;
        return [mean, Array.from(figure.subarray(0, -1), (sum) => (weight > 0 ? sum / weight : 0))] as const;
      }),
    );
    const gathered = new Map([...pieces].map(([index, parts]) => [index, concatenate(parts)]));
    return Object.fromEntries(figures.map((figure) => [figure.path, figureValue(figure, meanOf, gathered)]));
  } finally {
    total?.dispose();
  }
}

function figureValue(
  { node, mean, ports = {} }: Figure,
  means: ReadonlyMap<number, readonly number[]>,
  gathered: ReadonlyMap<number, Gathered>,
): number {
  const { layer, params } = node;
  if (mean === undefined)
    return layer.over?.(Object.fromEntries(Object.entries(ports).map(([port, index]) => [port, gathered.get(index)])), params) ?? Number.NaN;
  const values = means.get(mean) ?? [];
  return layer.finish?.(values, params) ?? values[0] ?? Number.NaN;
}

/** What a tensor holds, as plain numbers. */
export async function readGathered(tensor: tf.Tensor): Promise<Gathered> {
  const values = await tensor.data();
  return { shape: tensor.shape, values: tensor.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values) };
}

/** Batches one after the other along the first axis. */
function concatenate(parts: readonly Gathered[]): Gathered {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? { shape: [0], values: new Float32Array() };
  const size = parts.reduce((sum, { values }) => sum + values.length, 0);
  const values = first.values instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { shape: [parts.reduce((sum, { shape }) => sum + (shape[0] ?? 1), 0), ...first.shape.slice(1)], values };
}
