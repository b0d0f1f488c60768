import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";

/** How a node takes the next positions: each by itself, by what its layer keeps of those before, or not depending on the text at all. */
export type Manner = "alone" | "advance" | "constant";

type Kept = ReadonlyMap<string, Readonly<Record<string, tf.Tensor>>>;

/** A network that takes positions as they come. It owns what its layers keep of them. */
export interface Advancing {
  /** Forgets all that came before. */
  reset(): void;
  /**
   * Takes the next positions of every text.
   * @param tokens `[rows, next]`, lent
   * @param rows which of the last call's texts each one continues
   * @returns the plan's target, the caller's
   */
  take(tokens: tf.Tensor, rows?: readonly number[]): tf.Tensor;
}

/** @param manners of the plan's nodes, by path */
export function createAdvancing(plan: Plan, feed: string, weights: readonly tf.Tensor[], manners: ReadonlyMap<string, Manner>): Advancing {
  let kept: Kept = new Map();
  let offset = 0;
  const replace = (next: Kept) => {
    tf.dispose(tensorsOf(kept));
    kept = next;
  };
  return {
    reset() {
      replace(new Map());
      offset = 0;
    },
    take(tokens, rows) {
      if (rows && kept.size > 0) replace(pick(kept, rows));
      const next = new Map<string, Readonly<Record<string, tf.Tensor>>>();
      try {
        const { outputs } = plan.run({
          feeds: { [feed]: tokens },
          weights,
          training: false,
          step: 0,
          seed: 1,
          batch: tokens.shape[0] ?? 1,
          apply({ node: { layer, params, path } }, x, w, ctx) {
            if (manners.get(path) !== "advance") return layer.apply?.(x, w, params, ctx) ?? {};
            const advanced = layer.advance?.(x, w, params, { ...ctx, offset, kept: kept.get(path) ?? {} });
            if (!advanced) throw new Error("it cannot go on position by position.");
            next.set(
              path,
              mapTensors(advanced.keep, (tensor) => tf.keep(tf.clone(tensor))),
            );
            return advanced.outputs;
          },
        });
        replace(next);
        offset += tokens.shape[1] ?? 0;
        return outputs[0] as tf.Tensor;
      } catch (thrown) {
        tf.dispose(tensorsOf(next));
        throw thrown;
      }
    },
  };
}

const tensorsOf = (kept: Kept): tf.Tensor[] => [...kept.values()].flatMap((tensors) => Object.values(tensors));

const mapTensors = (tensors: Readonly<Record<string, tf.Tensor>>, change: (tensor: tf.Tensor) => tf.Tensor) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));

/** What is kept, of other rows, in another order. */
function pick(kept: Kept, rows: readonly number[]): Kept {
  const order = tf.tensor1d([...rows], "int32");
  const picked = new Map([...kept].map(([path, tensors]) => [path, mapTensors(tensors, (tensor) => tf.keep(tf.gather(tensor, order)))]));
  order.dispose();
  return picked;
}
