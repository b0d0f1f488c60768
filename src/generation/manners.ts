import * as tf from "@tensorflow/tfjs-core";
import type { Plan, Step } from "../compiler/plan.ts";
import type { NextToken } from "../graph/next-token.ts";
import type { Checked } from "../graph/types.ts";
import type { AdvanceContext, ApplyContext, PortValues } from "../layers/contract.ts";
import { rng } from "../tensor/random.ts";
import type { Manner } from "./advance.ts";

type Inputs = PortValues<tf.Tensor>;
type Named = Readonly<Record<string, tf.Tensor>>;

/** Largest difference between numbers that are to be the same, for numbers of about 1. */
const tolerance = 1e-3;

export interface Manners {
  readonly manners: ReadonlyMap<string, Manner>;
  /** Paths of the nodes that cannot take positions as they come. */
  readonly obstacles: readonly string[];
}

/**
 * Finds how each node of a plan can take positions one after the other. Nothing is declared for that: each node is tried on a text that
 * is drawn at random, with the weights as they are. One whose outputs at some positions are what the whole gave there treats each position by itself; one
 * with a method `advance` must give the same in three parts as at once.
 */
export async function findManners(checked: Checked, plan: Plan, next: NextToken, weights: readonly tf.Tensor[]): Promise<Manners> {
  const depends = dependents(checked, plan, next);
  const manners = new Map<string, Manner>();
  const trials = new Map<string, tf.Tensor | undefined>();
  const tokens = tf.tensor2d(randomTokens(next, 1), [1, next.length], "int32");
  try {
    const { outputs } = plan.run({
      ...evaluation(next, tokens, weights),
      apply(step, x, w, ctx) {
        const { layer, params, path } = step.node;
        const whole = layer.apply?.(x, w, params, ctx) ?? {};
        if (!depends.has(path)) {
          manners.set(path, "constant");
          return whole;
        }
        const place = { step, x, w, ctx, whole, cut: cutter(step, x, depends, checked, next.length) };
        const advanced = layer.advance ? tryAdvance(place, next.length) : undefined;
        manners.set(path, advanced ? "advance" : "alone");
        trials.set(path, advanced ?? tryAlone(place, next.length));
        return whole;
      },
    });
    tf.dispose(outputs);
    const obstacles: string[] = [];
    for (const [path, trial] of trials) {
      const difference = trial === undefined ? Number.POSITIVE_INFINITY : ((await trial.data())[0] ?? Number.NaN);
      if (!(difference <= tolerance)) obstacles.push(path);
    }
    return { manners, obstacles };
  } finally {
    tokens.dispose();
    tf.dispose([...trials.values()].filter((trial) => trial !== undefined));
  }
}

/** Paths of the nodes that depend on the text, that of its data set too. */
export function dependents({ nodes }: Checked, plan: Plan, { data }: NextToken): ReadonlySet<string> {
  const found = new Set([data]);
  for (const { node } of plan.steps)
    if (
      Object.values(node.inputs)
        .flat()
        .some((wire) => found.has(nodes[wire.node]?.path ?? ""))
    )
      found.add(node.path);
  return found;
}

export const randomTokens = ({ length, classes }: NextToken, seed: number): Int32Array => {
  const random = rng(seed, "generate", "trial");
  return Int32Array.from({ length }, () => random.int(classes));
};

/** A run of a plan as in evaluation. */
export const evaluation = ({ data, port }: NextToken, tokens: tf.Tensor, weights: readonly tf.Tensor[]) => ({
  feeds: { [`${data}.${port}`]: tokens },
  weights,
  training: false,
  step: 0,
  seed: 1,
  batch: tokens.shape[0] ?? 1,
});

/** A node at work on a whole text. */
interface Place {
  readonly step: Step;
  readonly w: Named;
  readonly ctx: ApplyContext;
  readonly whole: Named;
  /** The inputs at some positions. @throws Error if one has no axis of positions */
  readonly cut: (from: number, size: number) => Inputs;
}

const at = (tensor: tf.Tensor, from: number, size: number): tf.Tensor =>
  tf.slice(tensor, [0, from, ...tensor.shape.slice(2).map(() => 0)], [-1, size, ...tensor.shape.slice(2).map(() => -1)]);

function cutter(step: Step, x: Inputs, depends: ReadonlySet<string>, { nodes }: Checked, length: number): Place["cut"] {
  const part = (tensor: tf.Tensor, wire: { readonly node: number } | undefined, from: number, size: number): tf.Tensor => {
    if (!depends.has(nodes[wire?.node ?? -1]?.path ?? "")) return tensor;
    if (tensor.shape[1] !== length) throw new Error("What arrives has no axis of positions.");
    return at(tensor, from, size);
  };
  return (from, size) =>
    Object.fromEntries(
      Object.entries(x).map(([port, value]) => {
        const wires = step.node.inputs[port] ?? [];
        if (value instanceof tf.Tensor) return [port, part(value, wires[0], from, size)];
        return [port, value === undefined ? undefined : [...tensorsIn(value)].map((one, i) => part(one, wires[i], from, size))];
      }),
    );
}

const tensorsIn = (value: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] => (value instanceof tf.Tensor ? [value] : value);

/** Largest difference of some positions alone from the whole: a number, kept; undefined if the layer cannot be run so. */
function tryAlone({ step, w, ctx, whole, cut }: Place, length: number): tf.Tensor | undefined {
  return attempt(() =>
    [...new Set([0, Math.floor(length / 2), length - 1])].flatMap((from) => {
      const part = step.node.layer.apply?.(cut(from, 1), w, step.node.params, ctx) ?? {};
      return step.outputs.map(({ port }) => difference(part[port], whole[port], from, length));
    }),
  );
}

/** The same of the positions in three parts, by the layer's `advance`; undefined if it does not allow that. */
function tryAdvance({ step, w, ctx, whole, cut }: Place, length: number): tf.Tensor | undefined {
  const { layer, params } = step.node;
  const half = Math.floor(length / 2);
  return attempt(() => {
    let kept: AdvanceContext["kept"] = {};
    return [
      [0, half],
      [half, 1],
      [half + 1, length - half - 1],
    ].flatMap(([from = 0, size = 0]) => {
      if (size <= 0) return [];
      const advanced = layer.advance?.(cut(from, size), w, params, { ...ctx, offset: from, kept });
      if (!advanced) throw new Error("It does not allow that.");
      kept = advanced.keep;
      return step.outputs.map(({ port }) => difference(advanced.outputs[port], whole[port], from, length));
    });
  });
}

/** The largest of some numbers, kept for later; undefined where making them fails. */
function attempt(make: () => tf.Tensor[]): tf.Tensor | undefined {
  try {
    return tf.tidy(() => tf.keep(tf.max(tf.stack(make()))));
  } catch {
    return undefined;
  }
}

/** @throws Error if there are no such positions in the whole, or not of this shape */
function difference(part: tf.Tensor | undefined, whole: tf.Tensor | undefined, from: number, length: number): tf.Tensor {
  if (!part || !whole || whole.shape[1] !== length) throw new Error("What comes out has no axis of positions.");
  const there = tf.cast(at(whole, from, part.shape[1] ?? 0), "float32");
  if (there.shape.join() !== part.shape.join()) throw new Error("What comes out has another shape.");
  return tf.div(tf.max(tf.abs(tf.sub(tf.cast(part, "float32"), there))), tf.add(1, tf.max(tf.abs(there))));
}
